import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { endOfId3v2, startOfId3v1 } from './byte-tags.ts';
import { type FlacFrameHeader, splitFrames } from './flac-frames.ts';
import { MonoMixer } from './mono-mixer.ts';
import { checkLength, checkSampleRate, undecodable } from './rejection.ts';
import type { Waveform } from './waveform.ts';

/** What is handed to the decoder at once: bounds the memory that its output takes. */
const batchSamples = 1 << 18;

/** The bit depths that the decoder scales to full scale. */
const supportedBits = [8, 16, 24, 32];

type StreamInfo = {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** 0 where the encoder did not know. */
  readonly totalSamples: number;
};

/**
 * Decodes native FLAC (RFC 9639). The frames are told apart here, each checked against its CRC and the
 * stream's header, because that gives the length before anything is decoded, and because the decoder's
 * own parser skips what is damaged and takes quadratic time to search hostile bytes.
 *
 * Throws `undecodable_audio`, `audio_too_long`.
 */
export async function decodeFlac(
  bytes: Uint8Array,
  limits: { maxSeconds: number },
): Promise<Waveform> {
  const file = bytes.subarray(0, startOfId3v1(bytes));
  const { info, firstFrame } = readMetadata(file, endOfId3v2(file));
  const { sampleRateHz } = info;
  checkSampleRate(sampleRateHz);
  checkLength(info.totalSamples, sampleRateHz, limits.maxSeconds);
  if (!supportedBits.includes(info.bitsPerSample)) {
    throw undecodable(`FLAC of ${supportedBits.join(', ')} bits`, `${info.bitsPerSample} bits`);
  }
  // Ends of the frames and samples in them: plain numbers, since a hostile file has millions of frames.
  const ends: number[] = [firstFrame];
  const blockSamples: number[] = [];
  let count = 0;
  for (const frame of splitFrames(file, firstFrame)) {
    checkFrame(frame.header, info);
    ends.push(frame.end);
    blockSamples.push(frame.header.blockSamples);
    count += frame.header.blockSamples;
    checkLength(count, sampleRateHz, limits.maxSeconds);
  }
  if (info.totalSamples !== 0 && info.totalSamples !== count) {
    throw undecodable(`${info.totalSamples} samples, as the FLAC header claims`, `${count}`);
  }
  const mixer = new MonoMixer({ ...limits, sampleRateHz, expectedSamples: count });
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    for (let first = 0; first < blockSamples.length; ) {
      const batch: Uint8Array[] = [];
      let samples = 0;
      while (first < blockSamples.length && samples * info.channels < batchSamples) {
        samples += blockSamples[first]!;
        batch.push(file.subarray(ends[first], ends[++first]));
      }
      const decoded = await decoder.decodeFrames(batch);
      const error = decoded.errors[0];
      if (error !== undefined || decoded.samplesDecoded !== samples) {
        throw undecodable('FLAC frames', error?.message ?? 'frames of another length');
      }
      for (const channel of decoded.channelData) rescale(channel, info.bitsPerSample);
      mixer.append(decoded.channelData);
    }
  } finally {
    decoder.free();
  }
  return { sampleRateHz, samples: mixer.finish() };
}

/**
 * The decoder divides by the largest positive integer; everywhere else full scale is a power of two.
 * The integer is recovered first, so that FLAC and WAV of the same samples decode to the same bits.
 */
function rescale(channel: Float32Array, bitsPerSample: number): void {
  const fullScale = 2 ** (bitsPerSample - 1);
  for (let i = 0; i < channel.length; i++) {
    channel[i] = Math.round(channel[i]! * (fullScale - 1)) / fullScale;
  }
}

/** The metadata blocks (§8): STREAMINFO first, the rest skipped. */
function readMetadata(bytes: Uint8Array, start: number): { info: StreamInfo; firstFrame: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let info: StreamInfo | undefined;
  for (let offset = start + 4, last = false; !last; ) {
    if (offset + 4 > bytes.length) {
      throw undecodable('FLAC metadata', `a file that ends within them, at byte ${bytes.length}`);
    }
    const header = view.getUint32(offset);
    const length = header & 0xffffff;
    last = header >>> 31 === 1;
    if (info === undefined) {
      if (((header >>> 24) & 0x7f) !== 0 || length !== 34 || offset + 38 > bytes.length) {
        throw undecodable('a whole FLAC STREAMINFO block first', 'none');
      }
      info = readStreamInfo(view, offset + 4);
    }
    offset += 4 + length;
    if (last) return { info, firstFrame: offset };
  }
  throw undecodable('a last FLAC metadata block', 'none');
}

/** §8.2: 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples, from the tenth byte on. */
function readStreamInfo(view: DataView, offset: number): StreamInfo {
  const word = view.getUint32(offset + 10);
  return {
    sampleRateHz: word >>> 12,
    channels: ((word >>> 9) & 7) + 1,
    bitsPerSample: ((word >>> 4) & 31) + 1,
    totalSamples: (word & 15) * 2 ** 32 + view.getUint32(offset + 14),
  };
}

function checkFrame(header: FlacFrameHeader, info: StreamInfo): void {
  const { sampleRateHz = info.sampleRateHz, bitsPerSample = info.bitsPerSample } = header;
  if (header.sampleRateHz === undefined || header.bitsPerSample === undefined) {
    // The decoder is fed frames alone.
    throw undecodable(
      'FLAC frames that name their rate and depth',
      'one that refers to STREAMINFO',
    );
  }
  if (
    sampleRateHz !== info.sampleRateHz ||
    bitsPerSample !== info.bitsPerSample ||
    header.channels !== info.channels
  ) {
    throw undecodable(
      `FLAC frames of ${info.channels} × ${info.bitsPerSample} bits at ${info.sampleRateHz} Hz`,
      `one of ${header.channels} × ${bitsPerSample} bits at ${sampleRateHz} Hz`,
    );
  }
}
