import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../../src/features/feature-matrix.ts';
import { Random } from '../../../src/math/random.ts';
import {
  applyTransform,
  ClassStatistics,
  discriminants,
  type FrameTransform,
  spliced,
} from '../../../src/training/hmm/transform.ts';

function randomFeatures(frames: number, dims: number, random: Random): FeatureMatrix {
  return {
    frames,
    dims,
    values: Float32Array.from({ length: frames * dims }, () => random.gaussian()),
  };
}

describe('spliced frames', () => {
  it('have their neighbours beside them, zeros where there are none', () => {
    const features = { frames: 3, dims: 2, values: Float32Array.from([1, 2, 3, 4, 5, 6]) };
    const { frames, dims, values } = spliced(features, 1);
    expect([frames, dims]).toEqual([3, 6]);
    expect([...values]).toEqual([0, 0, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 3, 4, 5, 6, 0, 0]);
  });

  it('are the frames themselves without context', () => {
    const features = randomFeatures(5, 3, new Random(1));
    expect(spliced(features, 0)).toEqual(features);
  });
});

describe('a transform of frames', () => {
  it.each([1, 2, 9])('is the matrix times the spliced frames, for %i frames', (frames) => {
    const random = new Random(frames);
    const [context, inputDims, outputDims] = [2, 3, 4];
    const width = (2 * context + 1) * inputDims;
    const matrix = Float64Array.from({ length: outputDims * width }, () => random.gaussian());
    const features = randomFeatures(frames, inputDims, random);
    const wide = spliced(features, context).values;
    const expected = Float32Array.from({ length: frames * outputDims }, (_, index) => {
      const [t, o] = [Math.floor(index / outputDims), index % outputDims];
      let sum = 0;
      for (let j = 0; j < width; j++) sum += matrix[o * width + j]! * wide[t * width + j]!;
      return sum;
    });
    const transform: FrameTransform = { context, inputDims, outputDims, matrix };
    const { values, dims } = applyTransform(features, transform);
    expect(dims).toBe(outputDims);
    values.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 5);
    });
  });

  it('refuses frames of another width', () => {
    const transform = { context: 0, inputDims: 2, outputDims: 1, matrix: Float64Array.of(1, 1) };
    expect(() => applyTransform(randomFeatures(2, 3, new Random(1)), transform)).toThrow(
      RangeError,
    );
  });
});

describe('discriminant analysis', () => {
  /** Classes that differ along one direction, in noise that is strong across it and correlated. */
  function statisticsOf(random: Random): { statistics: ClassStatistics; frames: number[][][] } {
    const statistics = new ClassStatistics(3, 4);
    const frames = [0, 1, 2].map((index) =>
      Array.from({ length: 4000 }, () => {
        const [a, b, c, d] = [1, 2, 3, 4].map(() => random.gaussian());
        const shift = 2 * (index - 1);
        return [a! + shift, 5 * b! + a! - shift, 3 * c! + b!, 0.5 * d! + c!];
      }),
    );
    for (const [index, members] of frames.entries())
      for (const frame of members) statistics.add(Float32Array.from(frame), 0, index);
    return { statistics, frames };
  }

  const project = (matrix: Float64Array, row: number, frame: readonly number[]) =>
    frame.reduce((sum, value, d) => sum + matrix[row * 4 + d]! * value, 0);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

  it('makes the covariance within classes one and puts what parts them first', () => {
    const { statistics, frames } = statisticsOf(new Random(6));
    const matrix = discriminants(statistics, 4);
    const projected = frames.map((members) =>
      members.map((frame) => [0, 1, 2, 3].map((row) => project(matrix, row, frame))),
    );
    const centred = projected.flatMap((members) => {
      const centre = [0, 1, 2, 3].map((row) => mean(members.map((point) => point[row]!)));
      return members.map((point) => point.map((value, row) => value - centre[row]!));
    });
    for (let i = 0; i < 4; i++)
      for (let j = 0; j <= i; j++) {
        const covariance = mean(centred.map((point) => point[i]! * point[j]!));
        expect(covariance).toBeCloseTo(i === j ? 1 : 0, 4);
      }
    const spread = [0, 1, 2, 3].map((row) => {
      const centres = projected.map((members) => mean(members.map((point) => point[row]!)));
      return Math.max(...centres) - Math.min(...centres);
    });
    expect(spread[0]).toBeGreaterThan(3.5);
    for (const other of spread.slice(1)) expect(other).toBeLessThan(0.2);
  });

  it('is the same from shares that are added up as from all frames at once', () => {
    const { statistics, frames } = statisticsOf(new Random(7));
    const shares = frames.map((members, index) => {
      const share = new ClassStatistics(3, 4);
      for (const frame of members) share.add(Float32Array.from(frame), 0, index);
      return structuredClone(share);
    });
    const sum = new ClassStatistics(3, 4);
    for (const share of shares) sum.merge(share);
    expect(sum.counts).toEqual(statistics.counts);
    discriminants(sum, 2).forEach((value, index) => {
      expect(value).toBeCloseTo(discriminants(statistics, 2)[index]!, 9);
    });
  });

  it('refuses frames that do not span their space', () => {
    const statistics = new ClassStatistics(2, 2);
    for (let index = 0; index < 8; index++)
      statistics.add(Float32Array.of(index, 2 * index), 0, index % 2);
    expect(() => discriminants(statistics, 1)).toThrow(RangeError);
  });
});
