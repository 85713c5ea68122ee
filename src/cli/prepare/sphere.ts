import type { Waveform } from '../../audio/waveform.ts';

export type ByteOrder = 'big' | 'little';

const sampleBytes = 2;
const fullScale = 32768;

/** AN4's headerless recordings are 16 kHz; nothing in the file says so. */
const rawSampleRateHz = 16000;

/**
 * Reads a NIST SPHERE file of one channel of 16-bit PCM, as AN4 has them.
 * @throws Error saying what was expected where the file is anything else
 */
export function decodeSphere(bytes: Uint8Array): Waveform {
  const { fields, headerBytes } = readHeader(bytes);
  expectField(fields, 'channel_count', ['1']);
  expectField(fields, 'sample_n_bytes', [String(sampleBytes)]);
  if (fields.has('sample_coding')) expectField(fields, 'sample_coding', ['pcm']);
  const order = expectField(fields, 'sample_byte_format', ['01', '10']) === '10' ? 'big' : 'little';
  const sampleRateHz = Number(fields.get('sample_rate'));
  if (!(sampleRateHz > 0))
    throw new Error(`expected a sample_rate in Hz, got ${fields.get('sample_rate')}`);
  const samples = toSamples(bytes.subarray(headerBytes), order);
  const declared = Number(fields.get('sample_count') ?? samples.length);
  if (declared !== samples.length)
    throw new Error(`expected ${declared} samples as the header says, got ${samples.length}`);
  return { sampleRateHz, samples };
}

/** Reads headerless 16-bit samples. */
export function decodeRaw(bytes: Uint8Array, order: ByteOrder): Waveform {
  return { sampleRateHz: rawSampleRateHz, samples: toSamples(bytes, order) };
}

/** `name -i 16000` or `name -s3 pcm` a line, until end_head, padded to the size on line two. */
function readHeader(bytes: Uint8Array): { fields: Map<string, string>; headerBytes: number } {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 16));
  const magic = /^NIST_1A\n *(\d+)\n/u.exec(start);
  if (magic === null) throw new Error('expected a NIST SPHERE header, got something else');
  const headerBytes = Number(magic[1]);
  if (headerBytes > bytes.length)
    throw new Error(`expected a header of ${headerBytes} bytes, got ${bytes.length} in all`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(16, headerBytes));
  const fields = new Map<string, string>();
  for (const line of header.split('\n')) {
    if (line === 'end_head') return { fields, headerBytes };
    const [name, type, ...value] = line.split(' ');
    if (type !== undefined) fields.set(name!, value.join(' ').trim());
  }
  throw new Error('expected the header to close with end_head');
}

function expectField(fields: Map<string, string>, name: string, values: string[]): string {
  const value = fields.get(name);
  if (value === undefined || !values.includes(value))
    throw new Error(`expected ${name} ${values.join(' or ')}, got ${value ?? 'none'}`);
  return value;
}

function toSamples(bytes: Uint8Array, order: ByteOrder): Float32Array {
  if (bytes.length % sampleBytes !== 0)
    throw new Error(`expected whole 16-bit samples, got ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(bytes.length / sampleBytes);
  for (let index = 0; index < samples.length; index++) {
    samples[index] = view.getInt16(index * sampleBytes, order === 'little') / fullScale;
  }
  return samples;
}
