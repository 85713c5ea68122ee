/** A second-order section, a0 normalised to 1: y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]. */
export type Biquad = {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
};

// The designs are those of Robert Bristow-Johnson's "Audio EQ Cookbook".

const butterworthQ = Math.SQRT1_2;

function angle(frequencyHz: number, sampleRateHz: number): number {
  if (!(frequencyHz > 0 && frequencyHz < sampleRateHz / 2)) {
    throw new RangeError(
      `[Biquad] expected a frequency between 0 and ${sampleRateHz / 2} Hz, got ${frequencyHz}`,
    );
  }
  return (2 * Math.PI * frequencyHz) / sampleRateHz;
}

export function lowPass(frequencyHz: number, sampleRateHz: number, q = butterworthQ): Biquad {
  const w = angle(frequencyHz, sampleRateHz);
  const alpha = Math.sin(w) / (2 * q);
  const a0 = 1 + alpha;
  const b1 = (1 - Math.cos(w)) / a0;
  return {
    b0: b1 / 2,
    b1,
    b2: b1 / 2,
    a1: (-2 * Math.cos(w)) / a0,
    a2: (1 - alpha) / a0,
  };
}

export function highPass(frequencyHz: number, sampleRateHz: number, q = butterworthQ): Biquad {
  const w = angle(frequencyHz, sampleRateHz);
  const alpha = Math.sin(w) / (2 * q);
  const a0 = 1 + alpha;
  const b0 = (1 + Math.cos(w)) / 2 / a0;
  return { b0, b1: -2 * b0, b2: b0, a1: (-2 * Math.cos(w)) / a0, a2: (1 - alpha) / a0 };
}

/** A bell of `gainDb` around the frequency. */
export function bell(frequencyHz: number, sampleRateHz: number, gainDb: number, q: number): Biquad {
  const w = angle(frequencyHz, sampleRateHz);
  const amplitude = 10 ** (gainDb / 40);
  const alpha = Math.sin(w) / (2 * q);
  const a0 = 1 + alpha / amplitude;
  const b1 = (-2 * Math.cos(w)) / a0;
  return {
    b0: (1 + alpha * amplitude) / a0,
    b1,
    b2: (1 - alpha * amplitude) / a0,
    a1: b1,
    a2: (1 - alpha / amplitude) / a0,
  };
}

/** Raises or lowers everything above the frequency by `gainDb`. */
export function highShelf(frequencyHz: number, sampleRateHz: number, gainDb: number): Biquad {
  const w = angle(frequencyHz, sampleRateHz);
  const A = 10 ** (gainDb / 40);
  const cos = Math.cos(w);
  const slope = 2 * Math.sqrt(A) * (Math.sin(w) / (2 * butterworthQ));
  const a0 = A + 1 - (A - 1) * cos + slope;
  return {
    b0: (A * (A + 1 + (A - 1) * cos + slope)) / a0,
    b1: (-2 * A * (A - 1 + (A + 1) * cos)) / a0,
    b2: (A * (A + 1 + (A - 1) * cos - slope)) / a0,
    a1: (2 * (A - 1 - (A + 1) * cos)) / a0,
    a2: (A + 1 - (A - 1) * cos - slope) / a0,
  };
}

const inaudible = 1e-20;

/** Filters in place, from rest. */
export function filter(samples: Float32Array, { b0, b1, b2, a1, a2 }: Biquad): void {
  // Transposed direct form II.
  let state1 = 0;
  let state2 = 0;
  for (let index = 0; index < samples.length; index++) {
    const input = samples[index]!;
    const output = b0 * input + state1;
    state1 = b1 * input - a1 * output + state2;
    state2 = b2 * input - a2 * output;
    // In silence the states decay to denormal numbers, with which processors are many times slower.
    if (Math.abs(state1) < inaudible) state1 = 0;
    if (Math.abs(state2) < inaudible) state2 = 0;
    samples[index] = output;
  }
}
