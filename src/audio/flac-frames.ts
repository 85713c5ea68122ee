import { undecodable } from './rejection.ts';

/** What a FLAC frame's header says (RFC 9639 §9.1). */
export type FlacFrameHeader = {
  readonly blockSamples: number;
  /** Undefined where the header refers to STREAMINFO. */
  readonly sampleRateHz: number | undefined;
  readonly channels: number;
  readonly bitsPerSample: number | undefined;
  /** The frame's number, or its first sample's where `variableBlocks`. */
  readonly position: number;
  readonly variableBlocks: boolean;
  readonly byteLength: number;
};

/** A frame and the offset of the byte behind it. */
export type FlacFrame = { readonly header: FlacFrameHeader; readonly end: number };

const reserved = -1;
const bitsByCode = [undefined, 8, 12, reserved, 16, 20, 24, 32];
const ratesByCode = [
  undefined,
  88200,
  176400,
  192000,
  8000,
  16000,
  22050,
  24000,
  32000,
  44100,
  48000,
  96000,
];
const maxHeaderBytes = 16;

/** CRC-8 with polynomial 0x07 over the frame header, CRC-16 with 0x8005 over the frame (§9.1.8, §9.3). */
const crc8Table = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80) !== 0 ? (crc << 1) ^ 0x07 : crc << 1;
  return crc;
});
const crc16Table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) !== 0 ? (crc << 1) ^ 0x8005 : crc << 1;
  return crc;
});

/** The frame header at `offset`, or undefined if there is none that is well-formed and matches its CRC. */
function readFrameHeader(bytes: Uint8Array, offset: number): FlacFrameHeader | undefined {
  if (bytes[offset] !== 0xff || (bytes[offset + 1]! & 0xfe) !== 0xf8) return undefined;
  const header = bytes.subarray(offset, offset + maxHeaderBytes);
  if (header.length < 6) return undefined;
  const blockCode = header[2]! >> 4;
  const rateCode = header[2]! & 0x0f;
  const channelCode = header[3]! >> 4;
  const bitsPerSample = bitsByCode[(header[3]! >> 1) & 7];
  if (blockCode === 0 || rateCode === 15 || channelCode > 10) return undefined;
  if (bitsPerSample === reserved || (header[3]! & 1) !== 0) return undefined;

  const number = readCodedNumber(header, 4);
  if (number === undefined) return undefined;
  let next = number.end;
  const take = (byteCount: number): number => {
    let value = 0;
    for (let i = 0; i < byteCount; i++) value = value * 256 + (header[next++] ?? 0);
    return value;
  };
  const blockSamples = blockCode === 6 ? take(1) + 1 : blockCode === 7 ? take(2) + 1 : 0;
  const sampleRateHz =
    rateCode === 12
      ? take(1) * 1000
      : rateCode === 13
        ? take(2)
        : rateCode === 14
          ? take(2) * 10
          : ratesByCode[rateCode];
  let crc = 0;
  for (let i = 0; i < next; i++) crc = crc8Table[crc ^ (header[i] ?? 0)]!;
  if (next >= header.length || header[next] !== crc) return undefined;
  return {
    blockSamples: blockSamples || blockSamplesByCode(blockCode),
    sampleRateHz,
    channels: channelCode < 8 ? channelCode + 1 : 2,
    bitsPerSample,
    position: number.value,
    variableBlocks: (header[1]! & 1) === 1,
    byteLength: next + 1,
  };
}

function blockSamplesByCode(code: number): number {
  if (code === 1) return 192;
  return code < 6 ? 144 << code : 1 << code;
}

/** A number of up to 36 bits coded as UTF-8 codes characters (§9.1.5). */
function readCodedNumber(
  header: Uint8Array,
  offset: number,
): { value: number; end: number } | undefined {
  const first = header[offset]!;
  if (first < 0x80) return { value: first, end: offset + 1 };
  const byteCount = Math.clz32(~(first << 24));
  if (byteCount < 2 || byteCount > 7) return undefined;
  let value = first & (0x7f >> byteCount);
  for (let i = 1; i < byteCount; i++) {
    const byte = header[offset + i];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, end: offset + byteCount };
}

/**
 * The frames from `offset` to the end of the bytes. A frame's header does not say how long it is; it
 * ends where the CRC-16 over all of it comes to zero and either the header of the very next frame or
 * the end of the bytes follows. One pass, whatever the bytes are.
 *
 * Throws `undecodable_audio` where a frame is damaged or cut, which no CRC tells apart.
 */
export function* splitFrames(bytes: Uint8Array, offset: number): Generator<FlacFrame> {
  let start = offset;
  let header = readFrameHeader(bytes, start);
  if (header === undefined) {
    throw undecodable('a FLAC frame after the metadata', `none at byte ${offset}`);
  }
  while (header !== undefined) {
    let crc = 0;
    let end = start;
    let following: FlacFrameHeader | undefined;
    while (end < bytes.length) {
      crc = ((crc << 8) & 0xffff) ^ crc16Table[(crc >> 8) ^ bytes[end++]!]!;
      if (crc !== 0 || end < start + header.byteLength) continue;
      if (end === bytes.length) break;
      following = readFrameHeader(bytes, end);
      if (following !== undefined) break;
    }
    if (crc !== 0 || (following === undefined && end < bytes.length)) {
      throw undecodable(
        'FLAC frames that match their checksums',
        `a cut or damaged one at byte ${start}`,
      );
    }
    if (following !== undefined && !follows(header, following)) {
      throw undecodable(`the next FLAC frame at byte ${end}`, `one of another number or format`);
    }
    yield { header, end };
    start = end;
    header = following;
  }
}

function follows(header: FlacFrameHeader, next: FlacFrameHeader): boolean {
  const step = header.variableBlocks ? header.blockSamples : 1;
  return (
    next.variableBlocks === header.variableBlocks &&
    next.position === header.position + step &&
    next.channels === header.channels &&
    next.sampleRateHz === header.sampleRateHz &&
    next.bitsPerSample === header.bitsPerSample
  );
}
