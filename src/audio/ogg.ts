import { hasTag } from './byte-tags.ts';
import { undecodable } from './rejection.ts';

/** A packet of an Ogg stream. */
export type OggPacket = {
  readonly data: Uint8Array;
  /** The granule position of the page it ends on, if it is the last packet to end there. */
  readonly granule: bigint | undefined;
};

const headerBytes = 27;
const continuedFlag = 1;
const endFlag = 4;

/** CRC-32 of Ogg: polynomial 0x04c11db7, most significant bit first, no inversion (RFC 3533 §6). */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

function pageChecksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i]!;
    crc = (crc << 8) ^ crcTable[((crc >>> 24) ^ byte) & 0xff]!;
  }
  return crc >>> 0;
}

/**
 * Yields the packets of the one logical stream in an Ogg file (RFC 3533), checked on the way: every page's
 * checksum and sequence number, no packet left unfinished, and an end-of-stream page at the end, without
 * which the recording was cut. Lazily, since a few bytes can hold hundreds of empty packets. Several
 * streams, multiplexed or chained, are not accepted.
 *
 * Throws `undecodable_audio`.
 */
export function* readOggPackets(bytes: Uint8Array): Generator<OggPacket> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let parts: Uint8Array[] = [];
  let serial: number | undefined;
  let ended = false;
  for (let offset = 0, page = 0; offset < bytes.length; page++) {
    const where = `at byte ${offset}`;
    if (ended) throw undecodable('the file to end with its Ogg stream', `more bytes ${where}`);
    if (!hasTag(bytes, offset, 'OggS')) throw undecodable('an Ogg page', `none ${where}`);
    const end = endOfPage(bytes, offset);
    if (pageChecksum(bytes.subarray(offset, end)) !== view.getUint32(offset + 22, true)) {
      throw undecodable('an Ogg page that matches its checksum', `a damaged one ${where}`);
    }
    serial ??= view.getUint32(offset + 14, true);
    if (view.getUint32(offset + 14, true) !== serial) {
      throw undecodable('an Ogg file of one stream', `a second stream ${where}`);
    }
    if (view.getUint32(offset + 18, true) !== page) {
      throw undecodable(`Ogg page number ${page}`, `${view.getUint32(offset + 18, true)} ${where}`);
    }
    const flags = bytes[offset + 5]!;
    if (((flags & continuedFlag) !== 0) !== parts.length > 0) {
      throw undecodable('Ogg packets to continue on the next page', `a gap ${where}`);
    }
    parts = yield* readSegments(bytes, offset, view.getBigInt64(offset + 6, true), parts);
    ended = (flags & endFlag) !== 0;
    offset = end;
  }
  if (!ended || parts.length > 0) {
    throw undecodable('an end-of-stream page at the end of an Ogg file', 'a stream cut short');
  }
}

function endOfPage(bytes: Uint8Array, offset: number): number {
  let end = offset + headerBytes + (bytes[offset + 26] ?? 0);
  for (let i = offset + headerBytes, last = Math.min(end, bytes.length); i < last; i++) {
    end += bytes[i]!;
  }
  if (offset + headerBytes > bytes.length || end > bytes.length) {
    throw undecodable('a whole Ogg page', `a file that ends inside the one at byte ${offset}`);
  }
  return end;
}

/** Yields the packets that end on this page; returns the parts of one that does not. */
function* readSegments(
  bytes: Uint8Array,
  page: number,
  granule: bigint,
  continued: Uint8Array[],
): Generator<OggPacket, Uint8Array[]> {
  const lacings = bytes.subarray(page + headerBytes, page + headerBytes + bytes[page + 26]!);
  const lastEnding = lacings.findLastIndex((lacing) => lacing < 255);
  let start = page + headerBytes + lacings.length;
  let length = 0;
  let parts = continued;
  for (const [i, lacing] of lacings.entries()) {
    length += lacing;
    if (lacing === 255) continue;
    parts.push(bytes.subarray(start, start + length));
    const data = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    yield { data, granule: i === lastEnding ? granule : undefined };
    parts = [];
    start += length;
    length = 0;
  }
  // An unfinished packet counts even when no byte of it stands on this page.
  if (lacings.at(-1) === 255) parts.push(bytes.subarray(start, start + length));
  return parts;
}
