/** Root mean square. */
export function rms(samples: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += samples[index]! * samples[index]!;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

export function peak(samples: Float32Array): number {
  let lowest = 0;
  let highest = 0;
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index]!;
    if (sample > highest) highest = sample;
    else if (sample < lowest) lowest = sample;
  }
  return Math.max(highest, -lowest);
}

/** Root mean square of what is within 25 dB of the loudest 20 ms: the level of the speech, not its pauses. */
export function activeRms(samples: Float32Array, sampleRateHz: number): number {
  const frameLength = Math.max(1, Math.round(0.02 * sampleRateHz));
  const frames = Math.floor(samples.length / frameLength);
  if (frames === 0) return rms(samples);
  const power = new Float64Array(frames);
  let loudest = 0;
  for (let frame = 0; frame < frames; frame++) {
    power[frame] = rms(samples.subarray(frame * frameLength, (frame + 1) * frameLength)) ** 2;
    loudest = Math.max(loudest, power[frame]!);
  }
  const threshold = loudest * 10 ** (-25 / 10);
  let sum = 0;
  let active = 0;
  for (const value of power) {
    if (value < threshold) continue;
    sum += value;
    active++;
  }
  return Math.sqrt(sum / active);
}

export function amplitudeOfDb(db: number): number {
  return 10 ** (db / 20);
}

/** Multiplies in place. */
export function scale(samples: Float32Array, gain: number): void {
  for (let index = 0; index < samples.length; index++) samples[index]! *= gain;
}

/** Brings the largest magnitude to `peakDb` below full scale, in place; silence stays silence. */
export function setPeak(samples: Float32Array, peakDb: number): void {
  const current = peak(samples);
  if (current > 0) scale(samples, amplitudeOfDb(peakDb) / current);
}
