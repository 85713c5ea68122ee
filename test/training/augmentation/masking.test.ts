import { expect, test } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { augmentationSchema } from '../../../src/training/augmentation/config.ts';
import { maskFeatures } from '../../../src/training/augmentation/masking.ts';

const frames = 40;
const bands = 10;
const dims = 3 * bands;

function randomMatrix(random: Random) {
  return {
    frames,
    dims,
    values: Float32Array.from({ length: frames * dims }, () => random.gaussian()),
  };
}

function meanOfDim(values: Float32Array, d: number): number {
  let sum = 0;
  for (let t = 0; t < frames; t++) sum += values[t * dims + d]!;
  return sum / frames;
}

test('masks a band in every stacked frame with the mean, and leaves the rest', () => {
  const { masking } = augmentationSchema.parse({
    masking: { timeMasks: 0, bandMasks: 1, bandShare: [0.3, 0.3] },
  });
  const matrix = randomMatrix(new Random(1));
  const before = matrix.values.slice();
  maskFeatures(matrix, bands, 0.03, masking, new Random(2));
  const masked = Array.from({ length: dims }, (_, d) => matrix.values[d] !== before[d]);
  expect(masked.filter(Boolean)).toHaveLength(9);
  for (let d = 0; d < dims; d++) {
    expect(masked[d]).toBe(masked[d % bands]);
    for (let t = 0; t < frames; t++) {
      const wanted = masked[d] ? meanOfDim(before, d) : before[t * dims + d]!;
      expect(matrix.values[t * dims + d]).toBeCloseTo(wanted, 5);
    }
  }
});

test('masks so many seconds of whole frames', () => {
  const { masking } = augmentationSchema.parse({
    masking: { timeMasks: 1, timeSeconds: [0.12, 0.12], bandMasks: 0 },
  });
  const matrix = randomMatrix(new Random(1));
  const before = matrix.values.slice();
  maskFeatures(matrix, bands, 0.03, masking, new Random(3));
  const masked = Array.from({ length: frames }, (_, t) =>
    matrix.values.subarray(t * dims, (t + 1) * dims).every((x, d) => x !== before[t * dims + d]),
  );
  expect(masked.filter(Boolean)).toHaveLength(4);
  expect(masked.lastIndexOf(true) - masked.indexOf(true)).toBe(3);
});

test('accepts a matrix shorter than a mask, and one without frames', () => {
  const { masking } = augmentationSchema.parse({ masking: { timeSeconds: [1, 1] } });
  const short = { frames: 1, dims, values: new Float32Array(dims).fill(2) };
  maskFeatures(short, bands, 0.03, masking, new Random(1));
  expect(short.values.every((x) => x === 2)).toBe(true);
  maskFeatures(
    { frames: 0, dims, values: new Float32Array(0) },
    bands,
    0.03,
    masking,
    new Random(1),
  );
});
