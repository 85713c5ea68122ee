import { describe, expect, it } from 'vitest';
import type { GaussianMixtures } from '../../../src/hmm/emissions/gaussian-mixtures.ts';
import { MixtureScorer } from '../../../src/hmm/emissions/mixture-scorer.ts';
import { Random } from '../../../src/math/random.ts';
import { logGaussian, mixtureDensity } from '../../reference/hmm-textbook-em.ts';
import { expectClose } from '../chains.ts';
import { packed, randomFrames, randomMixtures } from './mixtures.ts';

const sizes = [0, 1, 3, 4, 15, 16, 17, 63, 64, 65, 130];

describe('the scores of Gaussian mixtures', () => {
  it('are those of the definition, for any number of frames, dimensions and components', () => {
    const random = new Random(51);
    for (const frames of sizes) {
      const dims = 1 + random.integer(5);
      const counts = Array.from({ length: 1 + random.integer(4) }, () => 1 + random.integer(4));
      const mixtures = randomMixtures(random, counts, dims);
      const sequence = randomFrames(random, mixtures, frames);
      const scores = new MixtureScorer(packed(mixtures)).score(
        Float64Array.from(sequence.flat()),
        frames,
      );
      expect([scores.frames, scores.units]).toEqual([frames, counts.length]);
      const expected = sequence.flatMap((x) =>
        mixtures.map((mixture) => Math.log(mixtureDensity(x, mixture))),
      );
      expectClose(scores.logProbs, expected, 1e-10);
      const shares = sequence.flatMap((x) =>
        mixtures.flatMap((mixture) =>
          mixture.map(({ weight, mean, variance }) => {
            const own = weight * Math.exp(logGaussian(x, mean, variance));
            return own / mixtureDensity(x, mixture);
          }),
        ),
      );
      expectClose(scores.componentProbs.subarray(0, shares.length), shares, 1e-11);
    }
  });

  it('are computed of the states asked for, in their order, to the same bits', () => {
    const random = new Random(52);
    const mixtures = randomMixtures(random, [2, 3, 1, 4], 3);
    const scorer = new MixtureScorer(packed(mixtures));
    const values = Float32Array.from(randomFrames(random, mixtures, 37).flat());
    const all = scorer.score(values, 37);
    const some = scorer.score(values, 37, Int32Array.of(3, 1));
    expect([...some.componentStart]).toEqual([0, 4, 7]);
    expect([...some.components]).toEqual([6, 7, 8, 9, 2, 3, 4]);
    const picked = Array.from({ length: 37 }, (_, t) =>
      [3, 1].map((s) => all.logProbs[4 * t + s]!),
    );
    expect([...some.logProbs]).toEqual(picked.flat());
  });

  it('are finite far from every mean, and −∞ only where every weight is zero', () => {
    const mixtures: GaussianMixtures = {
      states: 2,
      dims: 1,
      componentStart: Int32Array.of(0, 2, 3),
      logWeights: Float64Array.of(-Infinity, 0, -Infinity),
      means: Float64Array.of(1e6, 0, 0),
      variances: Float64Array.of(1, 1, 1),
    };
    const scores = new MixtureScorer(mixtures).score(Float32Array.of(1e6), 1);
    const { logProbs, componentProbs } = scores;
    expect(logProbs[0]).toBeCloseTo(-5e11 - 0.5 * Math.log(2 * Math.PI), 3);
    expect(logProbs[1]).toBe(-Infinity);
    expect([...componentProbs.subarray(0, 3)]).toEqual([0, 1, 0]);
  });

  it('are refused for values that are not as many, and for states that are not there', () => {
    const scorer = new MixtureScorer(packed(randomMixtures(new Random(53), [1, 1], 2)));
    expect(() => scorer.score(new Float32Array(5), 2)).toThrow(
      '[MixtureScorer] expected 2 × 2 = 4 values, got 5',
    );
    expect(() => scorer.score(new Float32Array(4), 2, Int32Array.of(2))).toThrow(
      '[MixtureScorer] expected states in [0, 2), got 2',
    );
  });
});
