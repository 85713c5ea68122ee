import type { Random } from '../../math/random.ts';
import { filter, highPass, lowPass } from './filters.ts';
import { activeRms, amplitudeOfDb, rms, scale } from './level.ts';

/** Colours of noise: what is done to white noise. */
const colours: Record<string, (samples: Float32Array, sampleRateHz: number) => void> = {
  white: () => undefined,
  /** -3 dB an octave (Paul Kellet's filter). */
  pink: (samples) => {
    let slow = 0;
    let middle = 0;
    let fast = 0;
    for (let index = 0; index < samples.length; index++) {
      const white = samples[index]!;
      slow = 0.99765 * slow + white * 0.099046;
      middle = 0.963 * middle + white * 0.2965164;
      fast = 0.57 * fast + white * 1.0526913;
      samples[index] = slow + middle + fast + white * 0.1848;
    }
  },
  /** -6 dB an octave. */
  brown: (samples) => {
    let sum = 0;
    for (let index = 0; index < samples.length; index++) {
      sum = 0.98 * sum + samples[index]!;
      samples[index] = sum;
    }
  },
  /** +6 dB an octave: hiss. */
  violet: (samples) => {
    let previous = 0;
    for (let index = 0; index < samples.length; index++) {
      const white = samples[index]!;
      samples[index] = white - previous;
      previous = white;
    }
  },
  /** The long-term spectrum of speech, roughly. */
  speech: (samples, sampleRateHz) => {
    filter(samples, highPass(100, sampleRateHz));
    filter(samples, lowPass(600, sampleRateHz, 0.5));
  },
  /** Mains hum with its harmonics in faint noise. */
  hum: (samples, sampleRateHz) => {
    for (let index = 0; index < samples.length; index++) {
      const phase = (2 * Math.PI * 50 * index) / sampleRateHz;
      samples[index] =
        0.05 * samples[index]! +
        Math.sin(phase) +
        0.5 * Math.sin(2 * phase) +
        0.3 * Math.sin(3 * phase) +
        0.1 * Math.sin(5 * phase);
    }
  },
};

/** A stretch of each colour of noise, root mean square 1, to be cut from at random. */
export function makeColouredNoise(
  sampleRateHz: number,
  seconds: number,
  random: Random,
): Float32Array<ArrayBuffer>[] {
  return Object.values(colours).map((colour) => {
    const samples = new Float32Array(Math.round(seconds * sampleRateHz));
    for (let index = 0; index < samples.length; index++) samples[index] = random.gaussian();
    colour(samples, sampleRateHz);
    scale(samples, 1 / rms(samples));
    return samples;
  });
}

/**
 * Adds `gain` times a loop to `target[from]` up to `target[to]`.
 * @param offset where in the loop to begin
 */
export function addLoop(
  target: Float32Array,
  from: number,
  to: number,
  loop: ArrayLike<number>,
  offset: number,
  gain: number,
): void {
  let position = offset % loop.length;
  for (let index = from; index < to; index++) {
    target[index]! += gain * loop[position]!;
    if (++position === loop.length) position = 0;
  }
}

/**
 * Adds noise in place so that the speech's level (its pauses apart) is `snrDb` above the noise's. Where
 * either is silent nothing is added.
 */
export function mixAtSnr(
  samples: Float32Array,
  noise: Float32Array,
  snrDb: number,
  sampleRateHz: number,
): void {
  const noiseRms = rms(noise);
  if (noiseRms === 0) return;
  const gain = activeRms(samples, sampleRateHz) / amplitudeOfDb(snrDb) / noiseRms;
  for (let index = 0; index < samples.length; index++) samples[index]! += gain * noise[index]!;
}
