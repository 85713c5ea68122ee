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
 * The packets of the one logical stream in an Ogg file (RFC 3533), checked on the way: every page's
 * checksum and sequence number, no packet left unfinished, and an end-of-stream page at the end, without
 * which the recording was cut. Several streams, multiplexed or chained, are not accepted.
 *
 * Throws `undecodable_audio`.
 */
export function readOggPackets(bytes: Uint8Array): OggPacket[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: OggPacket[] = [];
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
    parts = readSegments(bytes, offset, view.getBigInt64(offset + 6, true), parts, packets);
    ended = (flags & endFlag) !== 0;
    offset = end;
  }
  if (!ended || parts.length > 0) {
    throw undecodable('an end-of-stream page at the end of an Ogg file', 'a stream cut short');
  }
  return packets;
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

/** Adds the packets that end on this page to `packets`; returns the parts of one that does not. */
function readSegments(
  bytes: Uint8Array,
  page: number,
  granule: bigint,
  continued: Uint8Array[],
  packets: OggPacket[],
): Uint8Array[] {
  const segments = bytes[page + 26]!;
  let start = page + headerBytes + segments;
  let length = 0;
  let parts = continued;
  let lastEnding: Uint8Array | undefined;
  const firstPacket = packets.length;
  for (let i = 0; i < segments; i++) {
    const lacing = bytes[page + headerBytes + i]!;
    length += lacing;
    if (lacing === 255) continue;
    parts.push(bytes.subarray(start, start + length));
    lastEnding = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    packets.push({ data: lastEnding, granule: undefined });
    parts = [];
    start += length;
    length = 0;
  }
  if (packets.length > firstPacket) packets[packets.length - 1] = { data: lastEnding!, granule };
  // An unfinished packet counts even when no byte of it stands on this page.
  if (segments > 0 && bytes[page + headerBytes + segments - 1] === 255) {
    parts.push(bytes.subarray(start, start + length));
  }
  return parts;
}
