import { describe, expect, it } from 'vitest';
import type { GaussianMixtures } from '../../../src/hmm/emissions/gaussian-mixtures.ts';
import { MixtureStatistics } from '../../../src/hmm/emissions/mixture-statistics.ts';
import { updateMixtures } from '../../../src/hmm/emissions/mixture-update.ts';
import { noFloors, packed } from './mixtures.ts';

describe('the re-estimation of Gaussian mixtures', () => {
  const mixtures = packed([
    [
      { weight: 0.5, mean: [0], variance: [1] },
      { weight: 0.3, mean: [1], variance: [2] },
      { weight: 0.2, mean: [2], variance: [3] },
    ],
    [{ weight: 1, mean: [9], variance: [4] }],
  ]);

  /** One-dimensional: occupancy, mean and variance of what each component made. */
  function counted(...made: [number, number, number][]): MixtureStatistics {
    const statistics = new MixtureStatistics(made.length, 1);
    for (const [m, [occupancy, mean, variance]] of made.entries()) {
      const spread = Math.sqrt(variance);
      statistics.addFrame(m, Float64Array.of(mean - spread), 0, occupancy / 2);
      statistics.addFrame(m, Float64Array.of(mean + spread), 0, occupancy / 2);
    }
    return statistics;
  }
  const rounded = (values: Float64Array) => Array.from(values, (value) => Number(value.toFixed(9)));
  const weights = ({ logWeights }: GaussianMixtures) => rounded(logWeights.map(Math.exp));

  it('takes the mean, the variance about the new mean, and the share of the frames', () => {
    const found = updateMixtures(
      mixtures,
      counted([6, 1, 4], [3, -2, 1], [1, 5, 9], [7, 3, 2]),
      noFloors(1),
    );
    expect(weights(found)).toEqual([0.6, 0.3, 0.1, 1]);
    expect(rounded(found.means)).toEqual([1, -2, 5, 3]);
    expect(rounded(found.variances)).toEqual([4, 1, 9, 2]);
  });

  it('lets no variance fall below the floor of its dimension', () => {
    const found = updateMixtures(mixtures, counted([6, 1, 4], [3, -2, 0], [1, 5, 9], [7, 3, 2]), {
      ...noFloors(1),
      varianceFloor: Float64Array.of(3),
    });
    expect(rounded(found.variances)).toEqual([4, 3, 9, 3]);
  });

  it('keeps mean and variance of a component that made too few frames', () => {
    const statistics = counted([6, 1, 4], [3.9, -2, 1], [0.1, 5, 9], [1, 3, 2]);
    const found = updateMixtures(mixtures, statistics, { ...noFloors(1), minOccupancy: 2 });
    expect(weights(found)).toEqual([0.6, 0.39, 0.01, 1]);
    expect(rounded(found.means)).toEqual([1, -2, 2, 9]);
    expect(rounded(found.variances)).toEqual([4, 1, 3, 4]);
  });

  it('or drops it, but never the last of a state', () => {
    const statistics = counted([6, 1, 4], [4, -2, 1], [0.1, 5, 9], [1, 3, 2]);
    const found = updateMixtures(mixtures, statistics, {
      ...noFloors(1),
      minOccupancy: 2,
      starved: 'drop',
    });
    expect([...found.componentStart]).toEqual([0, 2, 3]);
    expect(weights(found)).toEqual([0.6, 0.4, 1]);
    expect(rounded(found.means)).toEqual([1, -2, 9]);
  });

  it('lets no weight fall below the floor, at the cost of the others', () => {
    const found = updateMixtures(mixtures, counted([8, 1, 4], [2, -2, 1], [0, 0, 0], [1, 3, 2]), {
      ...noFloors(1),
      weightFloor: 0.1,
    });
    expect(weights(found)).toEqual([0.72, 0.18, 0.1, 1]);
    const higher = updateMixtures(mixtures, counted([8, 1, 4], [2, -2, 1], [0, 0, 0], [1, 3, 2]), {
      ...noFloors(1),
      weightFloor: 0.2,
    });
    expect(weights(higher)).toEqual([0.6, 0.2, 0.2, 1]);
  });

  it('shares evenly where the floor asks for more than there is', () => {
    const found = updateMixtures(mixtures, counted([8, 1, 4], [2, -2, 1], [0, 0, 0], [1, 3, 2]), {
      ...noFloors(1),
      weightFloor: 0.9,
    });
    expect(weights(found)).toEqual([1 / 3, 1 / 3, 1 / 3, 1].map((w) => Number(w.toFixed(9))));
  });

  it('leaves a state in which nothing was counted as it is', () => {
    const found = updateMixtures(mixtures, counted([0, 0, 0], [0, 0, 0], [0, 0, 0], [7, 3, 2]), {
      ...noFloors(1),
      starved: 'drop',
      minOccupancy: 1,
    });
    expect(weights(found)).toEqual([0.5, 0.3, 0.2, 1]);
    expect(rounded(found.means)).toEqual([0, 1, 2, 3]);
  });

  it('refuses statistics and floors that do not fit', () => {
    expect(() => updateMixtures(mixtures, new MixtureStatistics(3, 1), noFloors(1))).toThrow(
      '[updateMixtures] expected statistics of 4 components × 1 dims, got 3 × 1',
    );
    expect(() => updateMixtures(mixtures, new MixtureStatistics(4, 1), noFloors(2))).toThrow(
      '[updateMixtures] expected 1 variance floors, got 2',
    );
    const zero = { ...noFloors(1), varianceFloor: Float64Array.of(0) };
    expect(() => updateMixtures(mixtures, new MixtureStatistics(4, 1), zero)).toThrow(
      '[updateMixtures] expected variance floors above 0, got 0',
    );
  });
});
