import { describe, expect, it } from 'vitest';
import { resample } from '../../../src/audio/resample.ts';
import { GrowingAudio } from '../../../web/record/growing-audio.ts';
import { syntheticWaveform } from '../../support/recording.ts';

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

describe('GrowingAudio', () => {
  it.each([48_000, 44_100, 16_000, 8000])(
    'is at every length what resampling all of it gives, from %i Hz',
    (sampleRateHz) => {
      const { samples } = syntheticWaveform({ seconds: 5.3, seed: 4, sampleRateHz });
      const audio = new GrowingAudio(sampleRateHz, 16_000);
      const lowerRateHz = Math.min(16_000, sampleRateHz);
      const step = Math.round(0.7 * sampleRateHz);
      for (let at = 0; at < samples.length; at += step) {
        audio.add(samples.subarray(at, at + step));
        const { samples: lowered, sampleRateHz: rate } = audio.lowered();
        expect(rate).toBe(lowerRateHz);
        const all = resample(samples.subarray(0, at + step), sampleRateHz, lowerRateHz);
        expect(bytesOf(lowered).equals(bytesOf(all))).toBe(true);
      }
      expect(bytesOf(audio.whole().samples).equals(bytesOf(samples))).toBe(true);
    },
  );

  it('keeps what is more than its first seconds', () => {
    const audio = new GrowingAudio(100, 50);
    for (let block = 0; block < 300; block++) audio.add(new Float32Array(64).fill(block));
    expect(audio.durationSeconds).toBe(192);
    expect(audio.whole().samples.at(-1)).toBe(299);
    expect(audio.whole().samples[64]).toBe(1);
  });
});
