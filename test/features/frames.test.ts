import { describe, expect, it } from 'vitest';
import { appendDeltas, deltaWeights } from '../../src/features/deltas.ts';
import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';
import { normalise } from '../../src/features/normalisation.ts';
import { stackFrames } from '../../src/features/stacking.ts';
import { Random } from '../../src/math/random.ts';
import { textbookSlopes } from '../reference/textbook-features.ts';

const matrix = (rows: readonly (readonly number[])[]): FeatureMatrix => ({
  frames: rows.length,
  dims: rows[0]!.length,
  values: Float32Array.from(rows.flat()),
});

function randomRows(frames: number, dims: number, seed = 1): number[][] {
  const random = new Random(seed);
  return Array.from({ length: frames }, () =>
    Array.from({ length: dims }, () => random.gaussian()),
  );
}

describe('appendDeltas', () => {
  it.each([1, 2, 3])('equals the regression slope over ±%i frames, edges repeated', (window) => {
    const rows = randomRows(9, 3, window);
    const slopes = textbookSlopes(rows, window);
    const { values, dims } = appendDeltas(matrix(rows), { order: 1, window });
    expect(dims).toBe(6);
    rows.forEach((row, t) => {
      row.forEach((value, d) => {
        expect(values[t * 6 + d]).toBeCloseTo(value, 5);
        expect(values[t * 6 + 3 + d]).toBeCloseTo(slopes[t]![d]!, 5);
      });
    });
  });

  it('takes curvatures for slopes of slopes away from the edges', () => {
    const rows = randomRows(15, 2);
    const curvatures = textbookSlopes(textbookSlopes(rows, 2), 2);
    const { values } = appendDeltas(matrix(rows), { order: 2, window: 2 });
    for (let t = 4; t < 11; t++) expect(values[t * 6 + 4]).toBeCloseTo(curvatures[t]![0]!, 5);
  });

  it("uses Kaldi's weights of the second order", () => {
    const expected = [4, 4, 1, -4, -10, -4, 1, 4, 4].map((weight) => weight / 100);
    deltaWeights(2, 2)[2]!.forEach((weight, k) => {
      expect(weight).toBeCloseTo(expected[k]!, 12);
    });
  });

  it('clamps the frames themselves, not their slopes, at the edges', () => {
    const rows = [[0], [1], [4], [9], [16], [25]];
    const { values } = appendDeltas(matrix(rows), { order: 2, window: 2 });
    const clamped = (t: number) => rows[Math.min(5, Math.max(0, t))]![0]!;
    const weights = [4, 4, 1, -4, -10, -4, 1, 4, 4];
    const expected = weights.reduce((sum, weight, k) => sum + (weight / 100) * clamped(k - 4), 0);
    expect(values[2]).toBeCloseTo(expected, 6);
  });
});

describe('normalise', () => {
  it('gives every dimension of an utterance mean 0 and variance 1', () => {
    const features = matrix(randomRows(50, 4).map((row) => row.map((x, d) => 3 * d + (d + 1) * x)));
    normalise(features, { kind: 'utterance', variance: true });
    for (let d = 0; d < 4; d++) {
      const column = features.values.filter((_, index) => index % 4 === d);
      const mean = column.reduce((sum, x) => sum + x, 0) / 50;
      expect(mean).toBeCloseTo(0, 6);
      expect(column.reduce((sum, x) => sum + x * x, 0) / 50).toBeCloseTo(1, 5);
    }
  });

  it('leaves the variance where only the mean is asked for', () => {
    const features = matrix([[1], [3], [8]]);
    normalise(features, { kind: 'utterance', variance: false });
    expect([...features.values]).toEqual([-3, -1, 4]);
  });

  it('gives zeros, not NaN, for a constant dimension and for a single frame', () => {
    for (const rows of [[[5], [5], [5]], [[5]]]) {
      const features = matrix(rows);
      normalise(features, { kind: 'utterance', variance: true });
      expect(features.values.every((value) => value === 0)).toBe(true);
    }
  });

  it('subtracts the given mean and multiplies by the given inverse deviation', () => {
    const features = matrix([
      [1, 10],
      [2, 20],
    ]);
    normalise(features, { kind: 'global', mean: [1, 5], inverseDeviation: [2, 0.5] });
    expect([...features.values]).toEqual([0, 2.5, 2, 7.5]);
  });

  describe('by figures adapted to the utterance', () => {
    const adapted = (rows: number[][], priorFrames: number) => {
      const features = matrix(rows);
      const dims = rows[0]!.length;
      const mean = Array.from({ length: dims }, (_, d) => d - 1);
      const inverseDeviation = Array.from({ length: dims }, (_, d) => 1 / (d + 1));
      normalise(features, { kind: 'adapted', priorFrames, mean, inverseDeviation });
      return [...features.values];
    };

    it('is what the utterance would get behind so many frames of the prior', () => {
      const rows = [
        [4, 2],
        [8, 3],
        [6, 7],
        [2, 0],
      ];
      // The loud frame, of rank floor(0.95 · 3) = 2 from the quietest, has 6 in the first dimension.
      const relative = rows.map(([first, second]) => [first! - 6, second!]);
      // Ten frames with the prior's mean and deviation: five above it and five below.
      const prior = Array.from({ length: 10 }, (_, k) =>
        [0, 1].map((d) => d - 1 + (k % 2 === 0 ? d + 1 : -(d + 1))),
      );
      const all = [...prior, ...relative];
      const expected = relative.map((row) =>
        row.map((value, d) => {
          const mean = all.reduce((sum, frame) => sum + frame[d]!, 0) / all.length;
          const variance =
            all.reduce((sum, frame) => sum + (frame[d]! - mean) ** 2, 0) / all.length;
          return (value - mean) / Math.sqrt(variance);
        }),
      );
      const values = adapted(rows, 10);
      expected.flat().forEach((value, index) => {
        expect(values[index]).toBeCloseTo(value, 5);
      });
    });

    it('comes near the utterance’s own where it is long, and the prior’s where it is short', () => {
      const rows = randomRows(400, 2);
      const own = matrix(rows);
      normalise(own, { kind: 'utterance', variance: true });
      adapted(rows, 1e-6).forEach((value, index) => {
        expect(value).toBeCloseTo(own.values[index]!, 4);
      });
      expect(adapted([[5, 3]], 1e9)[1]).toBeCloseTo(3 / 2, 4);
    });

    it('does not depend on how loud the recording is', () => {
      const rows = randomRows(30, 3);
      const louder = rows.map(([first, ...others]) => [first! + 7, ...others]);
      adapted(louder, 60).forEach((value, index) => {
        expect(value).toBeCloseTo(adapted(rows, 60)[index]!, 4);
      });
    });

    it('gives finite numbers for one frame and nothing for none', () => {
      expect(adapted([[5, 5]], 60).every(Number.isFinite)).toBe(true);
      const none = { frames: 0, dims: 1, values: new Float32Array(0) };
      const figures = { mean: [0], inverseDeviation: [1] };
      normalise(none, { kind: 'adapted', priorFrames: 60, ...figures });
      expect(none.frames).toBe(0);
    });
  });
});

describe('stackFrames', () => {
  const rows = matrix([
    [0, 10],
    [1, 11],
    [2, 12],
    [3, 13],
    [4, 14],
  ]);

  it('joins frames and repeats the last one where a stack runs past the end', () => {
    const stacked = stackFrames(rows, 3, 2);
    expect(stacked).toEqual({
      frames: 3,
      dims: 6,
      values: Float32Array.from([0, 10, 1, 11, 2, 12, 2, 12, 3, 13, 4, 14, 4, 14, 4, 14, 4, 14]),
    });
  });

  it('only drops frames when a stack is one frame', () => {
    expect([...stackFrames(rows, 1, 3).values]).toEqual([0, 10, 3, 13]);
  });

  it('makes no row of no frame', () => {
    const none = { frames: 0, dims: 2, values: new Float32Array(0) };
    expect(stackFrames(none, 3, 3)).toEqual({ frames: 0, dims: 6, values: new Float32Array(0) });
  });
});
