import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';

/**
 * A matrix as an npy file, written from NumPy's format description; every part of the header can be
 * replaced by a wrong one. Integers and objects are written as the float32 bytes that they are not.
 */
export function npyBody(
  matrix: Omit<FeatureMatrix, 'values'> & { values: Float32Array | Float64Array },
  options: {
    descr?: string;
    fortranOrder?: boolean;
    shape?: string;
    version?: number;
    /** Extra bytes in the header, which shift the data. */
    padding?: number;
    header?: string;
  },
): Uint8Array {
  const { descr = '<f4', fortranOrder = false, version = 1, padding = 0 } = options;
  const shape = options.shape ?? `(${matrix.frames}, ${matrix.dims})`;
  const order = fortranOrder ? 'True' : 'False';
  const dictionary =
    options.header ?? `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const header = Buffer.from(`${dictionary}${' '.repeat(padding)}\n`, 'latin1');
  const lengthBytes = version === 1 ? 2 : 4;
  const prefix = Buffer.alloc(8 + lengthBytes);
  prefix.write('\x93NUMPY', 'latin1');
  prefix[6] = version;
  prefix.writeUIntLE(header.length, 8, lengthBytes);
  const numbers =
    descr === '<f8' ? Float64Array.from(matrix.values) : Float32Array.from(matrix.values);
  return new Uint8Array(Buffer.concat([prefix, header, Buffer.from(numbers.buffer)]));
}

/** Bare little-endian float32 numbers. */
export function rawBody({ values }: FeatureMatrix): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** Rows of numbers, as JSON has them. */
export function rowsOf({ frames, dims, values }: FeatureMatrix): number[][] {
  return Array.from({ length: frames }, (_, t) => [...values.subarray(t * dims, (t + 1) * dims)]);
}
