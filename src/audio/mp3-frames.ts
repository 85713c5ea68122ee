import { endOfId3v2, hasTag, startOfId3v1 } from './byte-tags.ts';
import { undecodable } from './rejection.ts';

/** What the header of an MPEG audio layer III frame says (ISO 11172-3 §2.4.1.3, 13818-3 §2.4). */
export type Mp3Header = {
  readonly sampleRateHz: number;
  readonly frameSamples: number;
  readonly byteLength: number;
};

const bitratesMpeg1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const bitratesMpeg2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const ratesMpeg1 = [44100, 48000, 32000];

/** The layer III frame header at `offset`, or undefined if there is none. Free-format is not known. */
export function readMp3Header(bytes: Uint8Array, offset: number): Mp3Header | undefined {
  if (offset + 4 > bytes.length || bytes[offset] !== 0xff) return undefined;
  const second = bytes[offset + 1]!;
  const third = bytes[offset + 2]!;
  if ((second & 0xe0) !== 0xe0) return undefined;
  const version = (second >> 3) & 3; // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  const layer = (second >> 1) & 3; // 1: layer III
  const bitrate = (version === 3 ? bitratesMpeg1 : bitratesMpeg2)[third >> 4];
  const mpeg1Rate = ratesMpeg1[(third >> 2) & 3];
  if (version === 1 || layer !== 1 || !bitrate || mpeg1Rate === undefined) return undefined;
  const sampleRateHz = version === 3 ? mpeg1Rate : version === 2 ? mpeg1Rate / 2 : mpeg1Rate / 4;
  const frameSamples = version === 3 ? 1152 : 576;
  const padding = (third >> 1) & 1;
  const byteLength = Math.floor((frameSamples * bitrate * 125) / sampleRateHz) + padding;
  return { sampleRateHz, frameSamples, byteLength };
}

/**
 * Where the frames of an MP3 file begin and end: between an ID3v2 tag or zeros in front, and ID3v1,
 * APE or Lyrics3 tags or zeros behind, frame follows frame. All at one rate.
 *
 * Throws `undecodable_audio` where something else stands between, or the last frame is cut.
 */
export function findMp3Frames(bytes: Uint8Array): { header: Mp3Header; starts: number[] } {
  const end = startOfId3v1(bytes);
  let offset = endOfId3v2(bytes);
  while (offset < end && bytes[offset] === 0) offset++;
  const header = readMp3Header(bytes, offset);
  if (header === undefined) throw undecodable('an MP3 frame', `none at byte ${offset}`);
  const starts = [offset];
  for (offset += header.byteLength; offset < end && !isTrailer(bytes, offset, end); ) {
    const next = readMp3Header(bytes, offset);
    if (next === undefined) throw undecodable('an MP3 frame', `none at byte ${offset}`);
    if (next.sampleRateHz !== header.sampleRateHz) {
      throw undecodable(
        `MP3 frames at ${header.sampleRateHz} Hz`,
        `one at ${next.sampleRateHz} Hz`,
      );
    }
    starts.push(offset);
    offset += next.byteLength;
  }
  if (offset > end) throw undecodable('whole MP3 frames', 'a last one that is cut short');
  const claimed = claimedFrames(bytes, starts[0]!);
  // Encoders differ in whether they count the frame that the tag itself stands in.
  if (claimed > starts.length) {
    throw undecodable(`${claimed} MP3 frames, as the Xing tag claims`, `${starts.length}`);
  }
  starts.push(offset);
  return { header, starts };
}

/** The count in the Xing or Info tag that encoders put in place of a first frame's sound, else 0. */
function claimedFrames(bytes: Uint8Array, start: number): number {
  // It stands behind the side information, which has 9, 17 or 32 bytes, by version and channels.
  for (const offset of [start + 13, start + 21, start + 36]) {
    if (!hasTag(bytes, offset, 'Xing') && !hasTag(bytes, offset, 'Info')) continue;
    if (offset + 12 > bytes.length) return 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, 12);
    return (view.getUint32(4) & 1) === 1 ? view.getUint32(8) : 0;
  }
  return 0;
}

function isTrailer(bytes: Uint8Array, offset: number, end: number): boolean {
  if (hasTag(bytes, offset, 'APETAGEX') || hasTag(bytes, offset, 'LYRICSBEGIN')) return true;
  return bytes.subarray(offset, end).every((byte) => byte === 0);
}
