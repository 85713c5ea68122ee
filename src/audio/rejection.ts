import { SoriError } from '../errors.ts';

const minSampleRateHz = 8000;
const maxSampleRateHz = 48000;

/** The one error for bytes that are no decodable recording. */
export function undecodable(expected: string, got: string, cause?: unknown): SoriError {
  return new SoriError('undecodable_audio', `audio: expected ${expected}, got ${got}`, {
    param: 'file',
    cause,
  });
}

/** Throws `undecodable_audio` unless the rate is an integer that Sori resamples from. */
export function checkSampleRate(sampleRateHz: number): void {
  if (
    !Number.isInteger(sampleRateHz) ||
    sampleRateHz < minSampleRateHz ||
    sampleRateHz > maxSampleRateHz
  ) {
    throw undecodable(
      `a sample rate of ${minSampleRateHz} to ${maxSampleRateHz} Hz`,
      `${sampleRateHz} Hz`,
    );
  }
}

/** Throws `audio_too_long` when so many samples are longer than the limit. */
export function checkLength(sampleCount: number, sampleRateHz: number, maxSeconds: number): void {
  if (sampleCount > maxSeconds * sampleRateHz) {
    const seconds = (sampleCount / sampleRateHz).toFixed(1);
    throw new SoriError(
      'audio_too_long',
      `audio: expected at most ${maxSeconds} s, got ${seconds} s or more`,
      { param: 'file' },
    );
  }
}
