/**
 * How many whole frames fit into the samples (Kaldi's snip-edges): 0 when they are shorter than one frame.
 */
export function frameCount(samples: number, frameLength: number, frameShift: number): number {
  return samples < frameLength ? 0 : 1 + Math.floor((samples - frameLength) / frameShift);
}

/**
 * Means of frames, from sums of blocks of gcd(length, shift) samples: frames overlap, and so each sample
 * is added once, not once a frame.
 *
 * @returns frames: NaN or infinite for a frame with such a sample
 */
export function frameMeans(
  samples: Float32Array,
  frames: number,
  length: number,
  shift: number,
): Float64Array {
  const block = greatestCommonDivisor(length, shift);
  const perFrame = length / block;
  const perShift = shift / block;
  const means = new Float64Array(frames);
  if (frames === 0) return means;
  const sums = new Float64Array((frames - 1) * perShift + perFrame);
  for (let b = 0; b < sums.length; b++) {
    let sum = 0;
    for (let n = b * block; n < (b + 1) * block; n++) sum += samples[n]!;
    sums[b] = sum;
  }
  for (let t = 0; t < frames; t++) {
    let sum = 0;
    for (let b = t * perShift; b < t * perShift + perFrame; b++) sum += sums[b]!;
    means[t] = sum / length;
  }
  return means;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
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
 * Writes one frame, tapered, to `target[2 n + lane]` (Kaldi, feature-window.cc, ProcessWindow). With
 * y[n] = x[n] − offset:
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
  lane: number,
): void {
  const length = window.length;
  let previous = samples[start]! - offset;
  for (let n = 0; n < length; n++) {
    const current = samples[start + n]! - offset;
    target[2 * n + lane] = (current - preemphasis * previous) * window[n]!;
    previous = current;
  }
}
