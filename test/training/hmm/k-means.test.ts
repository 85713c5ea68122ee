import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { kMeans } from '../../../src/training/hmm/k-means.ts';

/** Points around centres far apart, so many around each. */
function blobs(centres: readonly (readonly number[])[], each: number, random: Random) {
  return Float32Array.from(
    centres.flatMap((centre) =>
      Array.from({ length: each }, () =>
        centre.map((value, d) => value + (d + 1) * 0.1 * random.gaussian()),
      ).flat(),
    ),
  );
}

describe('k-means', () => {
  const centres = [
    [0, 0],
    [10, 0],
    [0, 10],
    [-7, -7],
  ];

  it('finds clusters that lie far apart, their means and their variances', () => {
    const points = blobs(centres, 500, new Random(1));
    const clusters = kMeans(points, 2, 4, new Random(2));
    const found = clusters.map(({ mean }) => Array.from(mean, Math.round));
    expect(found.map(String).sort()).toEqual(centres.map(String).sort());
    for (const { variance } of clusters) {
      expect(Math.sqrt(variance[0]!)).toBeGreaterThan(0.09);
      expect(Math.sqrt(variance[0]!)).toBeLessThan(0.11);
      expect(Math.sqrt(variance[1]!)).toBeGreaterThan(0.18);
      expect(Math.sqrt(variance[1]!)).toBeLessThan(0.22);
    }
  });

  it('gives the same clusters for the same seed', () => {
    const points = blobs(centres, 50, new Random(3));
    expect(kMeans(points, 2, 6, new Random(4))).toEqual(kMeans(points, 2, 6, new Random(4)));
  });

  it('stays finite with more clusters than points', () => {
    const clusters = kMeans(Float32Array.from([1, 2, 3, 4]), 2, 5, new Random(5));
    expect(clusters.length).toBe(5);
    for (const { mean, variance } of clusters)
      for (const value of [...mean, ...variance]) expect(Number.isFinite(value)).toBe(true);
  });

  it('refuses no points', () => {
    expect(() => kMeans(new Float32Array(0), 2, 1, new Random(1))).toThrow(RangeError);
  });
});
