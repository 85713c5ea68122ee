import { expect } from 'vitest';
import type { EmissionScores } from '../../src/hmm/emission-scores.ts';
import { chainFromArcs, chainFromMatrix, type MarkovChain } from '../../src/hmm/markov-chain.ts';
import type { Random } from '../../src/math/random.ts';

/** hmmlearn's test_base.py, after Russell & Norvig: does it rain, when one sees only umbrellas? */
export const umbrellaWorld = {
  chain: chainFromMatrix(
    [0.5, 0.5],
    [
      [0.7, 0.3],
      [0.3, 0.7],
    ],
  ),
  scores: scoresOf(
    [
      [0.9, 0.2],
      [0.9, 0.2],
      [0.1, 0.8],
      [0.9, 0.2],
      [0.9, 0.2],
    ].map((row) => row.map(Math.log)),
  ),
};

/** @param logProbs frames × columns */
export function scoresOf(logProbs: readonly (readonly number[])[]): EmissionScores {
  return {
    frames: logProbs.length,
    units: logProbs[0]?.length ?? 0,
    logProbs: Float64Array.from(logProbs.flat()),
  };
}

/** Numbers above zero that sum to one. */
export function randomProbs(random: Random, count: number): number[] {
  const weights = Array.from({ length: count }, () => 0.05 + random.next());
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Every state leads to every state, and a sequence may end anywhere. */
export function randomErgodicChain(random: Random, states: number): MarkovChain {
  return chainFromMatrix(
    randomProbs(random, states),
    Array.from({ length: states }, () => randomProbs(random, states)),
  );
}

/** Some arcs, initial and final probabilities are missing; states may share a column. */
export function randomSparseChain(random: Random, states: number, columns: number): MarkovChain {
  const thin = (probs: readonly number[]) => probs.map((prob) => (random.chance(0.6) ? prob : 0));
  const arcs = Array.from({ length: states }, (_, from) =>
    thin(randomProbs(random, states)).map((prob, to) => ({ from, to, prob })),
  ).flat();
  return chainFromArcs(
    Float64Array.from(thin(randomProbs(random, states))),
    Float64Array.from(thin(randomProbs(random, states))),
    arcs,
    Int32Array.from({ length: states }, () => random.integer(columns)),
  );
}

/** Normal deviates times a scale, now and then −∞. */
export function randomLogProbs(
  random: Random,
  frames: number,
  columns: number,
  scale: number,
): number[][] {
  return Array.from({ length: frames }, () =>
    Array.from({ length: columns }, () =>
      random.chance(0.05) ? -Infinity : scale * random.gaussian(),
    ),
  );
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  expect(actual.length).toBe(expected.length);
  for (let index = 0; index < actual.length; index++) {
    if (Object.is(actual[index], expected[index])) continue;
    if (!(Math.abs(actual[index]! - expected[index]!) <= tolerance)) {
      expect.fail(`expected ${expected[index]} at ${index}, got ${actual[index]}`);
    }
  }
}
