import { hasTag, startOfId3v1 } from './byte-tags.ts';
import { aLawReader, floatReaders, integerReaders, muLawReader, type SampleReader } from './pcm.ts';
import { checkLength, checkSampleRate, undecodable } from './rejection.ts';
import type { Waveform } from './waveform.ts';

const pcmTag = 0x0001;
const floatTag = 0x0003;
const aLawTag = 0x0006;
const muLawTag = 0x0007;
const extensibleTag = 0xfffe;

/** The last 14 bytes of the GUID whose first two are the format tag (RFC 2361, mmreg.h). */
const subformatTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/**
 * A writer that cannot seek back (a pipe from ffmpeg, sox, espeak-ng) leaves a placeholder for the size
 * of its data: 0, 0xffffffff, or something just below 2 GiB such as sox's 0x7ffff000.
 */
const placeholderBytes = 0x7fff0000;

type Format = {
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly bytesPerSample: number;
  readonly read: SampleReader;
};

/**
 * Decodes RIFF WAVE: PCM of 8 to 32 bits, float of 32 and 64, A-law, µ-law, WAVE_FORMAT_EXTENSIBLE.
 *
 * Our own reader rather than a library, because those on npm (wavefile, wav-decoder, node-wav) trust
 * the header: they allocate what it claims, return what a cut file still holds, or keep every chunk and
 * every channel in memory. Here a data chunk that claims more than the file holds is an error, unless
 * its size is a streaming writer's placeholder, in which case the data reach to the end of the file.
 * Behind the data only further chunks may stand, and no second data or form: what follows a recording is
 * not silently left out.
 * The size of the RIFF form itself is not checked: much software writes it wrong, and nothing hangs on it.
 * Mixed to mono while it is read: the mean of the channels.
 *
 * Throws `undecodable_audio`, or `audio_too_long` before anything is allocated.
 */
export function decodeWav(bytes: Uint8Array, limits: { maxSeconds: number }): Waveform {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | undefined;
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const size = view.getUint32(offset + 4, true);
    const start = offset + 8;
    if (hasTag(bytes, offset, 'data')) {
      if (format === undefined) throw undecodable('a WAV "fmt " chunk before the data', 'none');
      const byteCount = dataBytes(view, start, size);
      checkChunksBehind(bytes, view, start, byteCount);
      return readSamples(view, format, start, byteCount, limits.maxSeconds);
    }
    if (start + size > bytes.length) {
      throw undecodable(
        `a WAV chunk of ${size} bytes at byte ${offset}`,
        `${bytes.length - start} bytes to the end of the file`,
      );
    }
    if (hasTag(bytes, offset, 'fmt ')) {
      format = readFormat(new DataView(bytes.buffer, bytes.byteOffset + start, size));
    }
    offset = start + size + (size % 2);
  }
  throw undecodable('a WAV "data" chunk', `none in ${bytes.length} bytes`);
}

function readFormat(view: DataView): Format {
  if (view.byteLength < 16) {
    throw undecodable('a WAV "fmt " chunk of at least 16 bytes', `${view.byteLength}`);
  }
  const outerTag = view.getUint16(0, true);
  const tag = outerTag === extensibleTag ? subformat(view) : outerTag;
  const channels = view.getUint16(2, true);
  const sampleRateHz = view.getUint32(4, true);
  const blockBytes = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  const bytesPerSample = Math.ceil(bits / 8);
  // First, because the block size of a compressed encoding means something else.
  const read = readerFor(tag, bytesPerSample);
  if (read === undefined) {
    throw undecodable(
      'a WAV encoding of PCM (8, 16, 24, 32 bits), float (32, 64), A-law or µ-law (8)',
      `format tag 0x${tag.toString(16)} with ${bits} bits`,
    );
  }
  if (channels === 0) throw undecodable('at least one channel', 'a WAV header with 0');
  if (blockBytes !== channels * bytesPerSample) {
    throw undecodable(
      `${channels * bytesPerSample} bytes a sample of ${channels} channels of ${bits} bits`,
      `a WAV header with ${blockBytes}`,
    );
  }
  checkSampleRate(sampleRateHz);
  return { channels, sampleRateHz, bytesPerSample, read };
}

/** The format tag inside WAVE_FORMAT_EXTENSIBLE's GUID; unknown GUIDs give 0. */
function subformat(view: DataView): number {
  if (view.byteLength < 40) {
    throw undecodable('an extensible WAV "fmt " chunk of 40 bytes', `${view.byteLength}`);
  }
  const known = subformatTail.every((byte, i) => view.getUint8(26 + i) === byte);
  return known ? view.getUint16(24, true) : 0;
}

function readerFor(tag: number, bytesPerSample: number): SampleReader | undefined {
  if (tag === pcmTag) return integerReaders[bytesPerSample];
  if (tag === floatTag) return floatReaders[bytesPerSample];
  if (tag === aLawTag && bytesPerSample === 1) return aLawReader;
  if (tag === muLawTag && bytesPerSample === 1) return muLawReader;
  return undefined;
}

/** How many bytes of data there are, from the claimed size and what the file holds. */
function dataBytes(view: DataView, start: number, claimed: number): number {
  const present = view.byteLength - start;
  const formBytes = view.getUint32(4, true);
  // A size of 0 is a placeholder only where the form's own size does not speak of chunks behind it.
  const formUnknown = formBytes >= placeholderBytes || 8 + formBytes <= start;
  const unknown = claimed >= placeholderBytes || (claimed === 0 && formUnknown);
  if (claimed <= present && !unknown) return claimed;
  if (unknown) return present;
  throw undecodable(`${claimed} bytes of WAV data, as the header claims`, `${present}`);
}

/** Chunks that hold sound of their own: a second recording behind the first. */
const soundTags = ['data', 'RIFF', 'RIFX', 'RF64'];

/** Throws unless what stands behind the data is whole chunks of other things, or one ID3v1 tag. */
function checkChunksBehind(bytes: Uint8Array, view: DataView, start: number, size: number): void {
  const end = startOfId3v1(bytes);
  let offset = start + size;
  // Odd chunks are padded, but not by all writers.
  if (size % 2 === 1 && !isChunkTag(bytes, offset)) offset++;
  while (offset < end) {
    const whole = isChunkTag(bytes, offset) && offset + 8 <= end;
    const chunkBytes = whole ? view.getUint32(offset + 4, true) : Number.POSITIVE_INFINITY;
    const next = offset + 8 + chunkBytes;
    if (next > end || soundTags.some((tag) => hasTag(bytes, offset, tag))) {
      throw undecodable(
        'nothing behind the WAV data but chunks that describe them',
        `${bytes.length - offset} other bytes at byte ${offset}`,
      );
    }
    offset = next + (chunkBytes % 2);
  }
}

/** Four printable ASCII characters. */
function isChunkTag(bytes: Uint8Array, offset: number): boolean {
  const tag = bytes.subarray(offset, offset + 4);
  return tag.length === 4 && tag.every((byte) => byte >= 0x20 && byte < 0x7f);
}

function readSamples(
  view: DataView,
  format: Format,
  start: number,
  byteCount: number,
  maxSeconds: number,
): Waveform {
  const { channels, sampleRateHz, bytesPerSample, read } = format;
  const blockBytes = channels * bytesPerSample;
  if (byteCount % blockBytes !== 0) {
    throw undecodable(`WAV data of whole ${blockBytes}-byte samples`, `${byteCount} bytes`);
  }
  const count = byteCount / blockBytes;
  checkLength(count, sampleRateHz, maxSeconds);
  const samples = new Float32Array(count);
  for (let i = 0, offset = start; i < count; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++, offset += bytesPerSample) sum += read(view, offset);
    samples[i] = sum / channels;
  }
  return { sampleRateHz, samples };
}
