const fullScale = 32768;
const largest = 32767 / fullScale;

/** Rounds to multiples of 2^(1 - bits) and clips at full scale, in place. */
export function quantise(samples: Float32Array, bits: number): void {
  const steps = 2 ** (bits - 1);
  const highest = Math.min(steps - 1, Math.floor(largest * steps));
  for (let index = 0; index < samples.length; index++) {
    const scaled = samples[index]! * steps;
    // Conversion to an integer truncates; the offset makes that rounding, of what is below zero too.
    const rounded = scaled >= highest ? highest : ((scaled + steps + 0.5) | 0) - steps;
    samples[index] = Math.max(-steps, rounded) / steps;
  }
}

/** Codes and decodes by G.711 µ-law (ITU-T G.711, 1988), in place. */
export function codeMuLaw(samples: Float32Array): void {
  const bias = 132;
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index]!;
    const magnitude = Math.min(Math.round(Math.abs(sample) * fullScale), 32635) + bias;
    // Eight segments, each twice as coarse as the one before, of sixteen steps.
    const shift = 31 - Math.clz32(magnitude) - 4;
    const decoded = ((magnitude >> shift) << shift) + (1 << (shift - 1)) - bias;
    samples[index] = (sample < 0 ? -decoded : decoded) / fullScale;
  }
}
