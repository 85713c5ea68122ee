/** Reads one sample at a byte offset, as a fraction of full scale. */
export type SampleReader = (view: DataView, offset: number) => number;

/** Readers of integer PCM by bytes a sample; 8-bit WAV is unsigned, the wider ones are signed. */
export const integerReaders: Readonly<Record<number, SampleReader>> = {
  1: (view, offset) => (view.getUint8(offset) - 128) / 128,
  2: (view, offset) => view.getInt16(offset, true) / 32768,
  3: (view, offset) => (view.getUint8(offset) | (view.getInt16(offset + 1, true) << 8)) / 8388608,
  4: (view, offset) => view.getInt32(offset, true) / 2147483648,
};

/** Readers of IEEE float PCM by bytes a sample. */
export const floatReaders: Readonly<Record<number, SampleReader>> = {
  4: (view, offset) => view.getFloat32(offset, true),
  8: (view, offset) => view.getFloat64(offset, true),
};

/** ITU-T G.711 A-law, decoded to 16 bits (13 significant). */
function decodeALaw(code: number): number {
  const inverted = code ^ 0x55;
  const segment = (inverted >> 4) & 7;
  const mantissa = ((inverted & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
  return (inverted & 0x80) === 0 ? -magnitude : magnitude;
}

/** ITU-T G.711 µ-law, decoded to 16 bits (14 significant). */
function decodeMuLaw(code: number): number {
  const inverted = ~code & 0xff;
  const segment = (inverted >> 4) & 7;
  const magnitude = ((((inverted & 0x0f) << 3) + 0x84) << segment) - 0x84;
  return (inverted & 0x80) === 0 ? magnitude : -magnitude;
}

function tableReader(decode: (code: number) => number): SampleReader {
  const table = Float32Array.from({ length: 256 }, (_, code) => decode(code) / 32768);
  return (view, offset) => table[view.getUint8(offset)]!;
}

export const aLawReader = tableReader(decodeALaw);
export const muLawReader = tableReader(decodeMuLaw);
