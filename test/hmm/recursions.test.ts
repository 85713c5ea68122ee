import { describe, expect, it } from 'vitest';
import type { EmissionScores } from '../../src/hmm/emission-scores.ts';
import { forward, logLikelihood } from '../../src/hmm/forward.ts';
import { forwardBackward } from '../../src/hmm/forward-backward.ts';
import { chainFromArcs, chainFromMatrix } from '../../src/hmm/markov-chain.ts';
import { viterbi } from '../../src/hmm/viterbi.ts';
import { Random } from '../../src/math/random.ts';
import { enumerateHmm } from '../reference/hmm-enumeration.ts';
import {
  expectClose,
  randomErgodicChain,
  randomLogProbs,
  randomSparseChain,
  scoresOf,
  umbrellaWorld,
} from './chains.ts';

describe('the umbrella world', () => {
  const { chain, scores } = umbrellaWorld;

  it('has the likelihood that others compute', () => {
    expect(logLikelihood(chain, scores)).toBeCloseTo(-3.3725, 4);
    expect(forwardBackward(chain, scores).logLikelihood).toBeCloseTo(-3.3725, 4);
  });

  it('has the best path that others compute', () => {
    const { logProb, states } = viterbi(chain, scores);
    expect(logProb).toBeCloseTo(-4.459, 4);
    expect([...states]).toEqual([0, 0, 1, 0, 0]);
  });

  // Russell & Norvig 2010, section 15.3, smoothed, to the digits of hmmlearn's test_base.py.
  it('has the posteriors that others compute', () => {
    const { states } = forwardBackward(chain, scores);
    const rain = [0, 1, 2, 3, 4].map((t) => states[2 * t]!);
    expectClose(rain, [0.867339, 0.820419, 0.307484, 0.820419, 0.867339], 5e-7);
  });
});

describe('likelihood, best path and posteriors against every path spelt out', () => {
  it.each([1, 30, 1000])('agree on random chains with scores of scale %d', (scale) => {
    const random = new Random(scale);
    let impossible = 0;
    for (let trial = 0; trial < 200; trial++) {
      const columns = 1 + random.integer(4);
      const chain = randomSparseChain(random, 1 + random.integer(4), columns);
      const logProbs = randomLogProbs(random, 1 + random.integer(5), columns, scale);
      const scores = scoresOf(logProbs);
      const expected = enumerateHmm(chain, logProbs);
      const accuracy = 1e-12 * Math.max(1, Math.abs(expected.logLikelihood));

      const posteriors = forwardBackward(chain, scores);
      for (const value of [logLikelihood(chain, scores), posteriors.logLikelihood]) {
        expectClose([value], [expected.logLikelihood], accuracy);
      }
      expectClose(posteriors.states, expected.states.flat(), 1e-11);
      expectClose(posteriors.arcs, expected.arcs, 1e-11);

      const path = viterbi(chain, scores);
      expectClose([path.logProb], [expected.best?.logProb ?? -Infinity], accuracy);
      if (expected.best === undefined) impossible++;
      else {
        // States that share a column make paths equal: the path found is one of the best.
        const found = expected.paths.find(({ states }) => states.join() === path.states.join());
        expectClose([found!.score], [expected.best.logProb], accuracy);
      }
    }
    expect(impossible).toBeGreaterThan(5);
    expect(impossible).toBeLessThan(150);
  });

  it('stay numbers for scores of scale 1e30, where only the best path counts', () => {
    const random = new Random(4);
    const chain = randomErgodicChain(random, 3);
    const scores = scoresOf(randomLogProbs(random, 20, 3, 1e30));
    const { logLikelihood: total, states, arcs } = forwardBackward(chain, scores);
    const { logProb, states: path } = viterbi(chain, scores);
    expect(total / logProb).toBeCloseTo(1, 14);
    path.forEach((state, t) => {
      expectClose(
        states.subarray(3 * t, 3 * t + 3),
        [0, 1, 2].map((s) => (s === state ? 1 : 0)),
        0,
      );
    });
    expect(arcs.reduce((sum, count) => sum + count, 0)).toBe(19);
  });

  it('read the floats of an emission matrix as they do doubles', () => {
    const random = new Random(5);
    const chain = randomErgodicChain(random, 4);
    const logProbs = Float32Array.from({ length: 40 }, () => random.gaussian());
    const floats: EmissionScores = { frames: 10, units: 4, logProbs };
    const doubles = { ...floats, logProbs: Float64Array.from(logProbs) };
    expect(forwardBackward(chain, floats)).toEqual(forwardBackward(chain, doubles));
    expect(viterbi(chain, floats)).toEqual(viterbi(chain, doubles));
  });
});

describe('a hundred thousand frames', () => {
  const frames = 100_000;

  it('neither underflow nor leave the posteriors unnormalised', () => {
    const random = new Random(6);
    const chain = randomErgodicChain(random, 3);
    const logProbs = Float64Array.from({ length: 3 * frames }, () => 50 * random.gaussian() - 100);
    const scores = { frames, units: 3, logProbs };
    const { logLikelihood: total, states, arcs } = forwardBackward(chain, scores);
    expect(total).toBe(logLikelihood(chain, scores));
    expect(Number.isFinite(total)).toBe(true);
    for (let t = 0; t < frames; t++) {
      expectClose([states[3 * t]! + states[3 * t + 1]! + states[3 * t + 2]!], [1], 1e-14);
    }
    expect(arcs.reduce((sum, count) => sum + count, 0) / (frames - 1)).toBeCloseTo(1, 12);
    const { logProb } = viterbi(chain, scores);
    expect(logProb).toBeLessThan(total);
    expect(logProb).toBeGreaterThan(total - frames);
  });

  // All paths are a number of frames in the first state, then the second, and equally likely: at the
  // forced end the first state is ahead of the second by whatever the scores say.
  it.each([0, 5, -5])(
    'have the closed-form likelihood when the end is forced and states differ by %d',
    (lead) => {
      const chain = chainFromMatrix(
        [1, 0],
        [
          [0.5, 0.5],
          [0, 1],
        ],
        [0, 1],
      );
      const logProbs = Float64Array.from({ length: 2 * frames }, (_, k) =>
        k % 2 === 0 ? lead : 0,
      );
      const scores = { frames, units: 2, logProbs };
      // Σ_n e^(lead n) 2^−n for n = 1 … frames − 1 in the first state.
      const ratio = lead - Math.LN2;
      const logSum =
        ratio > 0
          ? ratio * (frames - 1) - Math.log(1 - Math.exp(-ratio))
          : ratio - Math.log(1 - Math.exp(ratio));
      const { logLikelihood: total, states, arcs } = forwardBackward(chain, scores);
      expectClose([total], [logSum], 1e-11 * Math.max(1, Math.abs(logSum)));
      expect([states[0], states[1]]).toEqual([1, 0]);
      expectClose([states.at(-2)!, states.at(-1)!], [0, 1], 0);
      expect(arcs[1]).toBeCloseTo(1, 9);
      const path = viterbi(chain, scores).states;
      expect(path.indexOf(1)).toBe(lead > 1 ? frames - 1 : 1);
    },
  );
});

describe('sequences that cannot be', () => {
  const chain = chainFromMatrix(
    [1, 0],
    [
      [0.5, 0.5],
      [0, 1],
    ],
    [0, 1],
  );
  const possible = scoresOf([
    [0, 0],
    [0, 0],
  ]);

  it.each([
    ['of no frames', chain, { frames: 0, units: 2, logProbs: new Float64Array(0) }],
    [
      'of a frame that no state emits',
      chain,
      scoresOf([
        [0, 0],
        [-Infinity, -Infinity],
        [0, 0],
      ]),
    ],
    [
      'that begin where nothing begins',
      chain,
      scoresOf([
        [-Infinity, 0],
        [0, 0],
      ]),
    ],
    ['too short for the end to be reached', chain, scoresOf([[0, 0]])],
    [
      'in a chain that ends nowhere',
      chainFromArcs(
        Float64Array.of(1, 0),
        new Float64Array(2),
        [{ from: 0, to: 1, prob: 1 }],
        Int32Array.of(0, 1),
      ),
      possible,
    ],
    [
      'in a chain without arcs',
      chainFromArcs(Float64Array.of(1), Float64Array.of(1), [], Int32Array.of(0)),
      possible,
    ],
  ])('%s have likelihood zero, no path and no posteriors', (_, chain, scores) => {
    expect(logLikelihood(chain, scores)).toBe(-Infinity);
    expect(viterbi(chain, scores)).toEqual({ logProb: -Infinity, states: new Int32Array(0) });
    const posteriors = forwardBackward(chain, scores);
    expect(posteriors.logLikelihood).toBe(-Infinity);
    expect(posteriors.states).toEqual(new Float64Array(scores.frames * chain.states));
    expect(posteriors.arcs).toEqual(new Float64Array(chain.arcTarget.length));
  });

  it('are told from those that can: one path is enough', () => {
    expect(logLikelihood(chain, possible)).toBeCloseTo(Math.log(0.5), 14);
    expect([...forwardBackward(chain, possible).states]).toEqual([1, 0, 0, 1]);
    expect([...viterbi(chain, possible).states]).toEqual([0, 1]);
  });
});

describe('the beam', () => {
  it('changes nothing when it is wide', () => {
    const random = new Random(7);
    const chain = randomErgodicChain(random, 6);
    const scores = scoresOf(randomLogProbs(random, 50, 6, 3));
    expect(forwardBackward(chain, scores, 1000)).toEqual(forwardBackward(chain, scores));
  });

  it('gives up states far below the best, never more likelihood than there is', () => {
    const random = new Random(8);
    const chain = randomErgodicChain(random, 6);
    const scores = scoresOf(randomLogProbs(random, 50, 6, 3));
    const all = forwardBackward(chain, scores);
    const some = forwardBackward(chain, scores, 8);
    expect(some.logLikelihood).toBeLessThan(all.logLikelihood);
    expect(some.logLikelihood).toBeGreaterThan(all.logLikelihood - 0.5);
    const zeros = (values: Float64Array) => values.filter((value) => value === 0).length;
    expect(zeros(some.states)).toBeGreaterThan(zeros(all.states));
    const total = some.states.reduce((sum, posterior) => sum + posterior, 0);
    expect(total).toBeCloseTo(50, 10);
  });

  it('makes a sequence impossible whose end was given up', () => {
    const chain = chainFromMatrix(
      [1, 0],
      [
        [0.5, 0.5],
        [0, 1],
      ],
      [0, 1],
    );
    const scores = scoresOf([
      [0, 0],
      [0, -20],
    ]);
    expect(forward(chain, scores).logLikelihood).toBeCloseTo(Math.log(0.5) - 20, 12);
    expect(forwardBackward(chain, scores, 10)).toEqual({
      logLikelihood: -Infinity,
      states: new Float64Array(4),
      arcs: new Float64Array(3),
    });
  });
});

describe('what is called wrongly is refused', () => {
  const { chain } = umbrellaWorld;
  const kernels = { logLikelihood, forward, viterbi };

  it.each(Object.entries(kernels))('by %s', (name, kernel) => {
    const run = (scores: EmissionScores) => () => kernel(chain, scores);
    expect(run({ frames: 2, units: 2, logProbs: new Float64Array(3) })).toThrow(
      `[${name}] expected 2 × 2 = 4 logProbs, got 3`,
    );
    expect(run(scoresOf([[0]]))).toThrow(`[${name}] expected emission columns in [0, 1), got 1`);
    for (const bad of [NaN, Infinity]) {
      expect(
        run(
          scoresOf([
            [0, 0],
            [0, bad],
          ]),
        ),
      ).toThrow(`[${name}] expected logProbs without NaN and +∞, got ${bad} at frame 1`);
    }
  });
});
