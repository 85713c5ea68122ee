import { describe, expect, it } from 'vitest';
import { baumWelchStep } from '../../src/hmm/baum-welch.ts';
import type { EmissionScores } from '../../src/hmm/emission-scores.ts';
import { CategoricalEmissions } from '../../src/hmm/emissions/categorical.ts';
import type { EmissionModel } from '../../src/hmm/emissions/emission-model.ts';
import { MixtureEmissions } from '../../src/hmm/emissions/mixture-emissions.ts';
import { logLikelihood } from '../../src/hmm/forward.ts';
import { chainFromMatrix, type MarkovChain } from '../../src/hmm/markov-chain.ts';
import { viterbi } from '../../src/hmm/viterbi.ts';
import { viterbiTrainingStep } from '../../src/hmm/viterbi-training.ts';
import { Random } from '../../src/math/random.ts';
import { textbookStep } from '../reference/hmm-textbook-em.ts';
import { expectClose, randomErgodicChain, randomProbs, randomSparseChain } from './chains.ts';
import { noFloors, packed, randomFrames, randomMixtures } from './emissions/mixtures.ts';

const vectors = (frames: readonly (readonly number[])[]) => ({
  frames: frames.length,
  values: Float64Array.from(frames.flat()),
});

function randomCategorical(random: Random, states: number, symbols: number): CategoricalEmissions {
  const rows = Array.from({ length: states }, () => randomProbs(random, symbols));
  return new CategoricalEmissions(states, symbols, Float64Array.from(rows.flat(), Math.log));
}

describe('a step of Baum-Welch', () => {
  it('equals the textbook one over every path spelt out, tied states among them', () => {
    const random = new Random(31);
    for (let trial = 0; trial < 20; trial++) {
      const mixtures = randomMixtures(random, [1 + random.integer(3), 1 + random.integer(3)], 2);
      const ergodic = randomErgodicChain(random, 3);
      const chain = { ...ergodic, emission: Int32Array.of(0, 1, random.integer(2)) };
      const sequences = [3, 5, 1].map((frames) => randomFrames(random, mixtures, frames));
      const expected = textbookStep(chain, mixtures, sequences);
      const found = baumWelchStep(
        chain,
        new MixtureEmissions(packed(mixtures), {
          ...noFloors(2),
          varianceFloor: Float64Array.of(1e-300, 1e-300),
        }),
        sequences.map(vectors),
      );
      expectClose([found.logLikelihood], [expected.logLikelihood], 1e-11);
      expect([found.frames, found.impossible]).toEqual([9, 0]);
      expectClose(found.chain.logInitial.map(Math.exp), expected.initial, 1e-12);
      expectClose(found.chain.arcLogProb.map(Math.exp), expected.arcs, 1e-11);
      expect(found.chain.logFinal).toEqual(chain.logFinal);
      const { logWeights, means, variances } = found.emissions.mixtures;
      const components = expected.mixtures.flat();
      expectClose(
        logWeights.map(Math.exp),
        components.map(({ weight }) => weight),
        1e-10,
      );
      expectClose(
        means,
        components.flatMap(({ mean }) => mean),
        1e-8,
      );
      expectClose(
        variances,
        components.flatMap(({ variance }) => variance),
        1e-8,
      );
    }
  });

  it('estimates the probability of ending where it is one, and leaves it where it is a condition', () => {
    const emissions = new CategoricalEmissions(2, 1, new Float64Array(2));
    const sequences = [Int32Array.of(0, 0, 0), Int32Array.of(0, 0, 0, 0, 0)];
    const rows = [
      [0.5, 0.5],
      [0, 0.9],
    ];
    const chance = baumWelchStep(chainFromMatrix([1, 0], rows, [0, 0.1]), emissions, sequences);
    // Each sequence ends once in the second state, whatever it did before.
    const [stay, end] = [chance.chain.arcLogProb[2]!, chance.chain.logFinal[1]!].map(Math.exp);
    expect(stay! + end!).toBeCloseTo(1, 12);
    expect(chance.chain.logFinal[0]).toBe(-Infinity);
    rows[1] = [0, 1];
    const condition = baumWelchStep(chainFromMatrix([1, 0], rows, [0, 1]), emissions, sequences);
    expect(condition.chain.logFinal).toEqual(Float64Array.of(-Infinity, 0));
    expect(condition.chain.arcLogProb[2]).toBe(0);
  });

  it('learns nothing from what is impossible, and says how much that was', () => {
    const chain = chainFromMatrix(
      [1, 0],
      [
        [0.5, 0.5],
        [0, 1],
      ],
      [0, 1],
    );
    const emissions = randomCategorical(new Random(32), 2, 3);
    const [none, short, fine] = [[], [1], [0, 1, 2, 2]].map((symbols) => Int32Array.from(symbols));
    const all = baumWelchStep(chain, emissions, [none!, short!, fine!]);
    const alone = baumWelchStep(chain, emissions, [fine!]);
    expect(all).toEqual({ ...alone, impossible: 2 });
    expect(baumWelchStep(chain, emissions, [none!])).toEqual({
      chain,
      emissions,
      logLikelihood: 0,
      frames: 0,
      impossible: 1,
    });
  });
});

/** Runs steps; every one must be at least as likely as the one before it, but for rounding. */
function expectNeverLess<
  Sequence,
  Scores extends EmissionScores,
  Model extends EmissionModel<Sequence, Scores, Model>,
>(
  step: typeof baumWelchStep,
  likelihood: (chain: MarkovChain, scores: EmissionScores) => number,
  start: { chain: MarkovChain; emissions: Model },
  sequences: readonly Sequence[],
): { gained: number } {
  let { chain, emissions } = start;
  let before = -Infinity;
  let first: number | undefined;
  for (let iteration = 0; iteration < 12; iteration++) {
    const after = step<Sequence, Scores, Model>(chain, emissions, sequences);
    const now = after.logLikelihood;
    const scored = sequences.reduce(
      (sum, sequence) => sum + likelihood(chain, emissions.score(sequence)),
      0,
    );
    expect(Math.abs(now - scored)).toBeLessThan(1e-9 * Math.abs(now));
    expect(now).toBeGreaterThanOrEqual(before - 1e-9 * Math.abs(now));
    first ??= now;
    before = now;
    ({ chain, emissions } = after);
  }
  return { gained: before - first! };
}

const trainings = [
  ['Baum-Welch', baumWelchStep, logLikelihood],
  [
    'Viterbi training',
    viterbiTrainingStep,
    (chain: MarkovChain, scores: EmissionScores) => viterbi(chain, scores).logProb,
  ],
] as const;

describe.each(trainings)('%s never lowers the likelihood', (_, step, likelihood) => {
  const seeds = [1, 2, 3, 4, 5, 6];

  it.each(seeds)('of symbols (model %d)', (seed) => {
    const random = new Random(seed);
    const states = 2 + random.integer(4);
    const start = {
      chain: randomErgodicChain(random, states),
      emissions: randomCategorical(random, states, 6),
    };
    const sequences = Array.from({ length: 8 }, () =>
      Int32Array.from({ length: 1 + random.integer(40) }, () => random.integer(6)),
    );
    expect(expectNeverLess(step, likelihood, start, sequences).gained).toBeGreaterThan(1);
  });

  it.each([1, 4].flatMap((components) => seeds.map((seed) => [components, seed] as const)))(
    'of vectors under mixtures of %d (model %d)',
    (components, seed) => {
      const random = new Random(seed);
      const states = 2 + random.integer(3);
      const counts = Array.from({ length: states }, () => components);
      const truth = randomMixtures(random, counts, 3);
      const start = {
        chain: randomErgodicChain(random, states),
        emissions: new MixtureEmissions(packed(randomMixtures(random, counts, 3)), {
          ...noFloors(3),
          varianceFloor: new Float64Array(3).fill(0.05),
        }),
      };
      const sequences = Array.from({ length: 8 }, () =>
        vectors(randomFrames(random, truth, 1 + random.integer(40))),
      );
      expect(expectNeverLess(step, likelihood, start, sequences).gained).toBeGreaterThan(1);
    },
  );

  it.each(seeds)('where arcs are few, states tied and ends forced (model %d)', (seed) => {
    const random = new Random(seed);
    const start = {
      chain: chainFromMatrix(
        [0.7, 0.3, 0, 0],
        [
          [0.6, 0.3, 0.1, 0],
          [0, 0.6, 0.3, 0.1],
          [0, 0, 0.7, 0.3],
          [0, 0, 0, 0.8],
        ],
        [0, 0, 0, 0.2],
      ),
      emissions: randomCategorical(random, 3, 5),
    };
    const chain = { ...start.chain, emission: Int32Array.of(0, 1, 0, 2) };
    const sequences = Array.from({ length: 10 }, () =>
      Int32Array.from({ length: 4 + random.integer(20) }, () => random.integer(5)),
    );
    expect(
      expectNeverLess(step, likelihood, { ...start, chain }, sequences).gained,
    ).toBeGreaterThan(1);
  });
});

describe('Viterbi training', () => {
  it('counts the best path as certain', () => {
    const chain = chainFromMatrix(
      [0.5, 0.5],
      [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
    );
    const emissions = new CategoricalEmissions(
      2,
      2,
      Float64Array.of(0.9, 0.1, 0.1, 0.9).map(Math.log),
    );
    const after = viterbiTrainingStep(chain, emissions, [
      Int32Array.of(0, 0, 0, 1, 1),
      Int32Array.of(1, 1, 1),
    ]);
    expectClose(after.chain.logInitial.map(Math.exp), [0.5, 0.5], 1e-15);
    expectClose(after.chain.arcLogProb.map(Math.exp), [2 / 3, 1 / 3, 0, 1], 1e-15);
    expectClose(after.emissions.logProbs.map(Math.exp), [1, 0, 0, 1], 1e-15);
    const best =
      2 * Math.log(0.5) + 8 * Math.log(0.9) + 2 * Math.log(0.9) + Math.log(0.1) + 3 * Math.log(0.8);
    expect(after.logLikelihood).toBeCloseTo(best, 12);
  });

  it('leaves alone what no path can explain', () => {
    const random = new Random(33);
    const chain = {
      ...randomSparseChain(random, 3, 3),
      logFinal: new Float64Array(3).fill(-Infinity),
    };
    const emissions = randomCategorical(random, 3, 2);
    const after = viterbiTrainingStep(chain, emissions, [Int32Array.of(0, 1)]);
    expect(after).toEqual({ chain, emissions, logLikelihood: 0, frames: 0, impossible: 1 });
  });
});
