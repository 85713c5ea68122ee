import { encodeWav } from '../../src/audio/wav.ts';
import type { Waveform } from '../../src/audio/waveform.ts';
import { Random } from '../../src/math/random.ts';

/** Bursts of gliding tones in noise: nothing anyone said, but something to recognise. */
export function syntheticWaveform(options: {
  seconds: number;
  seed: number;
  sampleRateHz?: number;
}): Waveform {
  const { seconds, seed, sampleRateHz = 8000 } = options;
  const random = new Random(seed);
  const samples = new Float32Array(Math.round(seconds * sampleRateHz));
  let phase = 0;
  let hertz = 0;
  let level = 0;
  for (let index = 0; index < samples.length; index++) {
    if (index % Math.round(0.15 * sampleRateHz) === 0) {
      hertz = random.uniform(150, 3000);
      level = random.chance(0.7) ? random.uniform(0.1, 0.6) : 0;
    }
    phase += (2 * Math.PI * hertz) / sampleRateHz;
    samples[index] = level * Math.sin(phase) + random.uniform(-0.01, 0.01);
  }
  return { sampleRateHz, samples };
}

export function syntheticWav(options: Parameters<typeof syntheticWaveform>[0]): Uint8Array {
  return encodeWav(syntheticWaveform(options));
}
