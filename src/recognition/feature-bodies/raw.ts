import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import { checkFinite, checkShape, type FeatureDemands, invalidFeatures } from './checks.ts';

/**
 * Little-endian float32 numbers, frames × dims, row-major, and nothing else.
 * @param shape what the request declares
 * @throws SoriError invalid_features | too_many_frames
 */
export function parseRawFeatures(
  body: Uint8Array,
  shape: { readonly frames: number; readonly dims: number },
  demands: FeatureDemands,
): FeatureMatrix {
  const { frames, dims } = shape;
  checkShape(frames, dims, demands);
  const expectedBytes = frames * dims * 4;
  if (body.byteLength !== expectedBytes)
    throw invalidFeatures(
      `expected ${expectedBytes} bytes for ${frames} × ${dims} float32 numbers, got ${body.byteLength}`,
    );
  const matrix = { frames, dims, values: readFloat32(body, 0, frames * dims) };
  checkFinite(matrix);
  return matrix;
}

/** `count` little-endian float32 numbers from `offset` on, aligned or not, on any machine. */
export function readFloat32(body: Uint8Array, offset: number, count: number): Float32Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const values = new Float32Array(count);
  for (let index = 0; index < count; index++)
    values[index] = view.getFloat32(offset + 4 * index, true);
  return values;
}

/** `count` little-endian float64 numbers from `offset` on, rounded to float32. */
export function readFloat64(body: Uint8Array, offset: number, count: number): Float32Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const values = new Float32Array(count);
  for (let index = 0; index < count; index++)
    values[index] = view.getFloat64(offset + 8 * index, true);
  return values;
}
