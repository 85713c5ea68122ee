/** A matrix of float32 numbers: `values[row * columns + column]`. */
export type Float32Matrix = {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
};

/** NumPy's format, version 1.0 (numpy.lib.format): little-endian float32, C order, data at a multiple of 64. */
export function encodeNpy({ rows, columns, values }: Float32Matrix): Uint8Array {
  const prefixBytes = 10;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const padded = Math.ceil((prefixBytes + dictionary.length + 1) / 64) * 64 - prefixBytes;
  const header = `${dictionary.padEnd(padded - 1)}\n`;
  const prefix = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  prefix.writeUInt16LE(header.length, 8);
  return Buffer.concat([prefix, Buffer.from(header, 'latin1'), encodeFloat32(values)]);
}

/** Bare little-endian float32 numbers. */
export function encodeFloat32(values: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (let index = 0; index < values.length; index++) bytes.writeFloatLE(values[index]!, 4 * index);
  return bytes;
}
