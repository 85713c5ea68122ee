import type { FeatureMatrix } from '../../features/feature-matrix.ts';

/** How `POST /v1/features/transcriptions` takes a matrix, by the ending of a file. */
export const featureEncodings: Readonly<Record<string, (features: FeatureMatrix) => Uint8Array>> = {
  '.json': encodeJsonFeatures,
  '.npy': encodeNpyFeatures,
  '.f32': encodeRawFeatures,
};

/** A whole JSON request: `{"features": [[…], …]}`, a row a frame. */
function encodeJsonFeatures({ frames, dims, values }: FeatureMatrix): Uint8Array {
  const rows = Array.from({ length: frames }, (_, t) => [
    ...values.subarray(t * dims, (t + 1) * dims),
  ]);
  return Buffer.from(JSON.stringify({ features: rows }));
}

/** NumPy's format, version 1.0 (numpy.lib.format): little-endian float32, C order, data at a multiple of 64. */
function encodeNpyFeatures(features: FeatureMatrix): Uint8Array {
  const { frames, dims } = features;
  const prefixBytes = 10;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${frames}, ${dims}), }`;
  const padded = Math.ceil((prefixBytes + dictionary.length + 1) / 64) * 64 - prefixBytes;
  const header = `${dictionary.padEnd(padded - 1)}\n`;
  const prefix = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  prefix.writeUInt16LE(header.length, 8);
  return Buffer.concat([prefix, Buffer.from(header, 'latin1'), encodeRawFeatures(features)]);
}

/** Bare little-endian float32 numbers, row-major. */
function encodeRawFeatures({ values }: FeatureMatrix): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => {
    bytes.writeFloatLE(value, 4 * index);
  });
  return bytes;
}
