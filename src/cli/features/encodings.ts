import { encodeFloat32, encodeNpy } from '../../features/encode-npy.ts';
import type { FeatureMatrix } from '../../features/feature-matrix.ts';

/** How `POST /v1/features/transcriptions` takes a matrix, by the ending of a file. */
export const featureEncodings: Readonly<Record<string, (features: FeatureMatrix) => Uint8Array>> = {
  '.json': encodeJsonFeatures,
  '.npy': ({ frames, dims, values }) => encodeNpy({ rows: frames, columns: dims, values }),
  '.f32': ({ values }) => encodeFloat32(values),
};

/** A whole JSON request: `{"features": [[…], …]}`, a row a frame. */
function encodeJsonFeatures({ frames, dims, values }: FeatureMatrix): Uint8Array {
  const rows = Array.from({ length: frames }, (_, t) => [
    ...values.subarray(t * dims, (t + 1) * dims),
  ]);
  return Buffer.from(JSON.stringify({ features: rows }));
}
