import type { FeatureMatrix } from './feature-matrix.ts';

/**
 * Joins `stack` successive frames to one row, every `stride` frames: row r holds frames
 * r · stride … r · stride + stack − 1, and the last frame again where these run past the end. There are
 * ⌈frames / stride⌉ rows, so no frame at the end is lost.
 */
export function stackFrames(features: FeatureMatrix, stack: number, stride: number): FeatureMatrix {
  if (stack === 1 && stride === 1) return features;
  const { frames, dims, values } = features;
  const rows = Math.ceil(frames / stride);
  const output = new Float32Array(rows * stack * dims);
  for (let row = 0; row < rows; row++)
    for (let part = 0; part < stack; part++) {
      const frame = Math.min(frames - 1, row * stride + part);
      output.set(values.subarray(frame * dims, (frame + 1) * dims), (row * stack + part) * dims);
    }
  return { frames: rows, dims: stack * dims, values: output };
}
