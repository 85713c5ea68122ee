/** Builders of audio bytes for the tests: WAV by its parts, Ogg pages, FLAC frames of silence. */

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function littleEndian(value: number, byteCount: number): number[] {
  return Array.from({ length: byteCount }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

export type WavParts = {
  tag?: number;
  channels?: number;
  rateHz?: number;
  bits?: number;
  blockBytes?: number;
  /** What the headers claim, where that is not what is there. */
  dataBytes?: number;
  formBytes?: number;
  data?: Uint8Array;
  /** Chunks between "fmt " and "data", and behind the data. */
  before?: Uint8Array;
  after?: Uint8Array;
};

export function buildWav(parts: WavParts = {}): Uint8Array {
  const { tag = 1, channels = 1, rateHz = 8000, bits = 16 } = parts;
  const { data = new Uint8Array(1600), before = [], after = [] } = parts;
  const blockBytes = parts.blockBytes ?? channels * Math.ceil(bits / 8);
  const { dataBytes = data.length, formBytes = 36 + before.length + data.length + after.length } =
    parts;
  return concat(
    ascii('RIFF'),
    littleEndian(formBytes, 4),
    ascii('WAVEfmt '),
    littleEndian(16, 4),
    littleEndian(tag, 2),
    littleEndian(channels, 2),
    littleEndian(rateHz, 4),
    littleEndian(rateHz * blockBytes, 4),
    littleEndian(blockBytes, 2),
    littleEndian(bits, 2),
    before,
    ascii('data'),
    littleEndian(dataBytes, 4),
    data,
    after,
  );
}

export function buildChunk(id: string, body: Uint8Array): Uint8Array {
  return concat(ascii(id), littleEndian(body.length, 4), body);
}

/** A CRC bit by bit: `width` bits, most significant first, from 0. */
function crc(bytes: Uint8Array, polynomial: number, width: number): number {
  let register = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const top = Math.floor(register / 2 ** (width - 1)) ^ ((byte >> bit) & 1);
      register = (register * 2) % 2 ** width;
      if (top === 1) register = (register ^ polynomial) >>> 0;
    }
  }
  return register;
}

/** Writes the checksum of every Ogg page anew, in place, as far as there are pages. */
export function repairOggChecksums(bytes: Uint8Array): void {
  for (let offset = 0; offset + 27 <= bytes.length; ) {
    const segments = bytes.subarray(offset + 27, offset + 27 + bytes[offset + 26]!);
    const end = offset + 27 + segments.length + segments.reduce((sum, size) => sum + size, 0);
    bytes.fill(0, offset + 22, offset + 26);
    bytes.set(littleEndian(crc(bytes.subarray(offset, end), 0x04c11db7, 32), 4), offset + 22);
    offset = end;
  }
}

/** Writes the CRC-16 of every FLAC frame anew, in place; the frames end at the given offsets. */
export function repairFlacChecksums(
  bytes: Uint8Array,
  start: number,
  ends: readonly number[],
): void {
  for (const [i, end] of ends.entries()) {
    const frame = bytes.subarray(ends[i - 1] ?? start, end - 2);
    bytes.set(littleEndian(crc(frame, 0x8005, 16), 2).reverse(), end - 2);
  }
}

/** Ogg pages of one stream: `pages[p]` holds the packets that page p holds, all of them whole. */
export function buildOgg(
  pages: readonly (readonly Uint8Array[])[],
  granules: readonly number[],
): Uint8Array {
  const built = pages.map((packets, number) => {
    const lacings = packets.flatMap((packet) => [
      ...new Array<number>(Math.floor(packet.length / 255)).fill(255),
      packet.length % 255,
    ]);
    const flags = (number === 0 ? 2 : 0) + (number === pages.length - 1 ? 4 : 0);
    return concat(
      ascii('OggS'),
      [0, flags],
      littleEndian(granules[number]!, 8),
      littleEndian(7, 4),
      littleEndian(number, 4),
      [0, 0, 0, 0, lacings.length],
      lacings,
      ...packets,
    );
  });
  const bytes = Buffer.concat(built);
  repairOggChecksums(bytes);
  return bytes;
}

export function opusHead(
  parts: { channels?: number; preSkip?: number; rateHz?: number; gain?: number } = {},
): Uint8Array {
  const { channels = 1, preSkip = 312, rateHz = 16000, gain = 0 } = parts;
  const gainBits = (gain + 65536) % 65536;
  return concat(
    ascii('OpusHead'),
    [1, channels],
    littleEndian(preSkip, 2),
    littleEndian(rateHz, 4),
    littleEndian(gainBits, 2),
    [0],
  );
}

export const opusTags = concat(ascii('OpusTags'), [0, 0, 0, 0, 0, 0, 0, 0]);

/** A FLAC file of digital silence: a few bytes a frame of 65535 samples. Mono, 16 bits, 16 kHz. */
export function buildSilentFlac(frameCount: number, totalSamples: number): Uint8Array {
  const blockSamples = 65535;
  const streamInfo = concat(
    [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0],
    [0x03, 0xe8, 0x00, 0xf0 + Math.floor(totalSamples / 2 ** 32)],
    littleEndian(totalSamples % 2 ** 32, 4).reverse(),
    new Uint8Array(16),
  );
  const frames = Array.from({ length: frameCount }, (_, number) => {
    const header = concat(
      [0xff, 0xf8, 0x75, 0x08],
      new TextEncoder().encode(String.fromCodePoint(number)),
      littleEndian(blockSamples - 1, 2).reverse(),
    );
    const frame = concat(header, [crc(header, 0x07, 8), 0, 0, 0]);
    return concat(frame, littleEndian(crc(frame, 0x8005, 16), 2).reverse());
  });
  return Buffer.concat([ascii('fLaC'), [0x80, 0, 0, 34], streamInfo, ...frames].map(Buffer.from));
}
