/**
 * Resampling in direct form: every output is the whole input, weighed by the windowed sinc around the
 * output's time. The filter is what src/audio/filter-bank.ts states: 48 zero crossings, a Kaiser window
 * for 86 dB, the stop band from the lower rate's Nyquist frequency on.
 */
export function resampleDirectly(
  samples: Float32Array,
  fromHz: number,
  toHz: number,
): Float64Array {
  const beta = 0.1102 * (86 - 8.7);
  const transition = (86 - 8) / (2.285 * 96 * Math.PI);
  const ratio = Math.min(1, toHz / fromHz);
  const halfWidth = 48 / ratio;
  const cutoff = ratio * (1 - transition / 2);
  const atCentre = bessel(beta);
  const output = new Float64Array(Math.round((samples.length * toHz) / fromHz));
  for (let n = 0; n < output.length; n++) {
    for (let k = 0; k < samples.length; k++) {
      const time = (n * fromHz) / toHz - k;
      if (Math.abs(time) >= halfWidth * (1 - 1e-9)) continue; // the window's ends are not part of it
      const x = Math.PI * cutoff * time;
      const sinc = x === 0 ? 1 : Math.sin(x) / x;
      const window = bessel(beta * Math.sqrt(1 - (time / halfWidth) ** 2)) / atCentre;
      output[n]! += samples[k]! * cutoff * sinc * window;
    }
  }
  return output;
}

/** I0 by its integral, (1/π) ∫ exp(x cos θ) dθ from 0 to π, in 64 steps: exact to rounding for x < 10. */
function bessel(x: number): number {
  let sum = 0;
  for (let step = 0; step < 64; step++)
    sum += Math.exp(x * Math.cos((Math.PI * (step + 0.5)) / 64));
  return sum / 64;
}
