/**
 * How many whole frames fit into the samples (Kaldi's snip-edges): 0 when they are shorter than one frame.
 */
export function frameCount(samples: number, frameLength: number, frameShift: number): number {
  return samples < frameLength ? 0 : 1 + Math.floor((samples - frameLength) / frameShift);
}

/** Mean of the frame that starts at `start`; NaN or infinite when one of its samples is. */
export function frameMean(samples: Float32Array, start: number, length: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  const end = start + length;
  let n = start;
  for (; n + 3 < end; n += 4) {
    sum0 += samples[n]!;
    sum1 += samples[n + 1]!;
    sum2 += samples[n + 2]!;
    sum3 += samples[n + 3]!;
  }
  for (; n < end; n++) sum0 += samples[n]!;
  return (sum0 + sum1 + (sum2 + sum3)) / length;
}

/** Σ (x[n] − offset)² over the frame. */
export function frameEnergy(
  samples: Float32Array,
  start: number,
  length: number,
  offset: number,
): number {
  let sum = 0;
  for (let n = start; n < start + length; n++) sum += (samples[n]! - offset) ** 2;
  return sum;
}

/**
 * Writes one frame, tapered, to `target[targetIndex[n]]`, and zeros to the rest of `target`
 * (Kaldi, feature-window.cc, ProcessWindow). With y[n] = x[n] − offset:
 *
 * target = (y[n] − preemphasis · y[n − 1]) · window[n], where y[−1] is y[0].
 */
export function taperFrame(
  samples: Float32Array,
  start: number,
  offset: number,
  preemphasis: number,
  window: Float64Array,
  target: Float64Array,
  targetIndex: Int32Array,
): void {
  const length = window.length;
  let previous = samples[start]! - offset;
  for (let n = 0; n < length; n++) {
    const current = samples[start + n]! - offset;
    target[targetIndex[n]!] = (current - preemphasis * previous) * window[n]!;
    previous = current;
  }
  for (let n = length; n < target.length; n++) target[targetIndex[n]!] = 0;
}
