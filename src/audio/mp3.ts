import { MPEGDecoder } from 'mpg123-decoder';
import { MonoMixer } from './mono-mixer.ts';
import { findMp3Frames } from './mp3-frames.ts';
import { checkLength, checkSampleRate, undecodable } from './rejection.ts';
import type { Waveform } from './waveform.ts';

/** Frames handed to the decoder at once: bounds the memory that its output takes. */
const batchFrames = 64;

/** An encoder's delay and padding, at most 12 bits each (LAME tag), which the decoder trims. */
const maxTrimmedSamples = 2 * 4096;

/**
 * Decodes MPEG audio layer III. The frames are counted first, so that a recording that is too long or
 * cut is refused before it is decoded.
 *
 * Throws `undecodable_audio`, `audio_too_long`.
 */
export async function decodeMp3(
  bytes: Uint8Array,
  limits: { maxSeconds: number },
): Promise<Waveform> {
  const { header, starts } = findMp3Frames(bytes);
  const { sampleRateHz, frameSamples } = header;
  const frameCount = starts.length - 1;
  checkSampleRate(sampleRateHz);
  // Less what a gapless decoder drops: the frame of the LAME tag, the delay and the padding.
  const least = (frameCount - 2) * frameSamples - maxTrimmedSamples;
  checkLength(least, sampleRateHz, limits.maxSeconds);

  const mixer = new MonoMixer({
    sampleRateHz,
    maxSeconds: limits.maxSeconds,
    expectedSamples: frameCount * frameSamples,
  });
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    for (let first = 0; first < frameCount; first += batchFrames) {
      const next = Math.min(first + batchFrames, frameCount);
      const decoded = decoder.decode(bytes.subarray(starts[first], starts[next]));
      const error = decoded.errors[0];
      if (error !== undefined) throw undecodable('MP3 frames', error.message);
      mixer.append(decoded.channelData, 1, maxTrimmedSamples);
    }
  } finally {
    decoder.free();
  }
  if (mixer.length < least) {
    throw undecodable(`at least ${least} samples in ${frameCount} MP3 frames`, `${mixer.length}`);
  }
  return { sampleRateHz, samples: mixer.finish() };
}
