import { describe, expect, it } from 'vitest';
import { MixtureScorer } from '../../../src/hmm/emissions/mixture-scorer.ts';
import {
  MixtureStatistics,
  type MixtureSums,
} from '../../../src/hmm/emissions/mixture-statistics.ts';
import { Random } from '../../../src/math/random.ts';
import { logGaussian, mixtureDensity } from '../../reference/hmm-textbook-em.ts';
import { expectClose } from '../chains.ts';
import { packed, randomFrames, randomMixtures } from './mixtures.ts';

const sizes = [0, 1, 3, 4, 15, 16, 17, 63, 64, 65, 130];

describe('the statistics of Gaussian mixtures', () => {
  /** Adds each frame to each component, with the posterior by the definition. */
  function expectedSums(random: Random, frames: number) {
    const mixtures = randomMixtures(random, [2, 1, 3], 3);
    const sequence = randomFrames(random, mixtures, frames);
    const values = Float64Array.from(sequence.flat());
    // Many states are out of the question in a frame.
    const posteriors = Float64Array.from({ length: frames * 3 }, () =>
      random.chance(0.4) ? 0 : random.next(),
    );
    const expected = new MixtureStatistics(6, 3);
    for (const [t, x] of sequence.entries()) {
      let component = 0;
      for (const [s, mixture] of mixtures.entries()) {
        for (const { weight, mean, variance } of mixture) {
          const share =
            (weight * Math.exp(logGaussian(x, mean, variance))) / mixtureDensity(x, mixture);
          expected.addFrame(component++, values, 3 * t, share * posteriors[3 * t + s]!);
        }
      }
    }
    return { mixtures, values, posteriors, expected };
  }

  function expectSums(found: MixtureSums, expected: MixtureSums): void {
    expectClose(found.occupancies, expected.occupancies, 1e-10);
    expectClose(found.sums, expected.sums, 1e-10);
    expectClose(found.squares, expected.squares, 1e-9);
  }

  it('are those of frame after frame, component after component', () => {
    const random = new Random(54);
    for (const frames of sizes) {
      const { mixtures, values, posteriors, expected } = expectedSums(random, frames);
      const found = new MixtureStatistics(6, 3);
      found.addPosteriors(
        values,
        new MixtureScorer(packed(mixtures)).score(values, frames),
        posteriors,
      );
      expectSums(found, expected);
    }
  });

  it('are the same from some of the states, where the others have no part', () => {
    const random = new Random(55);
    const { mixtures, values, posteriors } = expectedSums(random, 70);
    const scorer = new MixtureScorer(packed(mixtures));
    const masked = posteriors.map((posterior, place) => (place % 3 === 1 ? 0 : posterior));
    const all = new MixtureStatistics(6, 3);
    all.addPosteriors(values, scorer.score(values, 70), masked);
    const some = new MixtureStatistics(6, 3);
    some.addPosteriors(
      values,
      scorer.score(values, 70, Int32Array.of(0, 2)),
      masked.filter((_, place) => place % 3 !== 1),
    );
    expect(some).toEqual(all);
  });

  it('pass over what is less likely than the least, and count all of the rest', () => {
    const random = new Random(56);
    const mixtures = packed(randomMixtures(random, [1], 1));
    const values = Float32Array.of(1, 2, 4);
    const scores = new MixtureScorer(mixtures).score(values, 3);
    const statistics = new MixtureStatistics(1, 1);
    statistics.addPosteriors(values, scores, Float64Array.of(1e-4, 0.5, 1), 1e-3);
    expect([statistics.occupancies[0], statistics.sums[0], statistics.squares[0]]).toEqual([
      1.5, 5, 18,
    ]);
  });

  it('add up, those that another thread has sent among them', () => {
    const random = new Random(57);
    const { mixtures, values, posteriors } = expectedSums(random, 40);
    const scorer = new MixtureScorer(packed(mixtures));
    const half = (from: number) => {
      const part = new MixtureStatistics(6, 3);
      const own = values.subarray(3 * from, 3 * from + 60);
      part.addPosteriors(own, scorer.score(own, 20), posteriors.subarray(3 * from, 3 * from + 60));
      return part;
    };
    const whole = new MixtureStatistics(6, 3);
    whole.addPosteriors(values, scorer.score(values, 40), posteriors);
    const sum = new MixtureStatistics(6, 3);
    sum.add(half(0));
    sum.add(structuredClone(half(20)));
    expectSums(sum, whole);
    expect(() => sum.add(new MixtureStatistics(6, 2))).toThrow(
      '[MixtureStatistics.add] expected 6 components × 3 dims, got 6 × 2',
    );
  });

  it('are refused for values and posteriors that do not fit the scores', () => {
    const mixtures = packed(randomMixtures(new Random(58), [1], 1));
    const scores = new MixtureScorer(mixtures).score(new Float32Array(2), 2);
    expect(() =>
      new MixtureStatistics(1, 1).addPosteriors(new Float32Array(2), scores, new Float64Array(3)),
    ).toThrow('[MixtureStatistics.addPosteriors] expected 2 values and 2 posteriors, got 2 and 3');
  });
});
