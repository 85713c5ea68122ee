import { readFileSync } from 'node:fs';

export type Fixture = {
  readonly file: string;
  readonly sampleRateHz: number;
  /** The level of the mean of the channels, against the mono recording's. */
  readonly gain: number;
  /** How close to the mono recording, resampled: the correlation at lag 0, at least. */
  readonly correlation: number;
};

const wavAt8k = { sampleRateHz: 8000, gain: 1, correlation: 0.999 };

/** The files of test/fixtures/audio; how each was made stands in the README there. */
export const fixtures: readonly Fixture[] = [
  { file: 'reference.wav', sampleRateHz: 16000, gain: 1, correlation: 0.99999 },
  { file: 'u8.wav', ...wavAt8k, correlation: 0.998 },
  { file: 's24.wav', ...wavAt8k },
  { file: 's32.wav', ...wavAt8k },
  { file: 'f32.wav', ...wavAt8k },
  { file: 'f64.wav', ...wavAt8k },
  { file: 'alaw.wav', ...wavAt8k },
  { file: 'mulaw.wav', ...wavAt8k },
  { file: 'pipe-ffmpeg.wav', ...wavAt8k },
  { file: 'pipe-sox.wav', ...wavAt8k },
  { file: 'extensible-24bit.wav', ...wavAt8k },
  { file: 'extensible-3ch.wav', ...wavAt8k, gain: 0.5 },
  { file: 'mono-16bit.flac', sampleRateHz: 16000, gain: 1, correlation: 0.99999 },
  { file: 'mono-24bit.flac', ...wavAt8k, gain: 10 ** (-0.7 / 20) },
  { file: 'pipe.flac', ...wavAt8k },
  { file: 'stereo-44k.flac', sampleRateHz: 44100, gain: 0.75, correlation: 0.999 },
  { file: 'mono.mp3', sampleRateHz: 16000, gain: 1, correlation: 0.98 },
  { file: 'mono-8k.mp3', sampleRateHz: 8000, gain: 1, correlation: 0.98 },
  { file: 'stereo-44k-tagged.mp3', sampleRateHz: 44100, gain: 0.75, correlation: 0.98 },
  { file: 'vorbis-mono.ogg', sampleRateHz: 16000, gain: 1, correlation: 0.98 },
  { file: 'vorbis-stereo-44k.ogg', sampleRateHz: 44100, gain: 0.75, correlation: 0.98 },
  { file: 'opus-mono.opus', sampleRateHz: 16000, gain: 1, correlation: 0.98 },
  { file: 'opus-8k-60ms.opus', sampleRateHz: 8000, gain: 1, correlation: 0.96 },
  { file: 'opus-stereo.ogg', sampleRateHz: 48000, gain: 0.75, correlation: 0.98 },
  { file: 'opus-6ch.opus', sampleRateHz: 48000, gain: 1 / 3, correlation: 0.98 },
];

export function readFixture(file: string): Buffer {
  return readFileSync(new URL(`../fixtures/audio/${file}`, import.meta.url));
}
