import type { FeatureMatrix } from './feature-matrix.ts';

/**
 * Regression weights of the derivatives of order 0 … order (Kaldi, feature-functions.cc, DeltaFeatures;
 * the HTK Book, 5.9): weights[o][j + o · window] of frame t + j, weights[0] = [1] and
 *
 * weights[o] = weights[o − 1] convolved with j / Σ_j j², j = −window … window.
 */
export function deltaWeights(order: number, window: number): Float64Array[] {
  let normaliser = 0;
  for (let j = -window; j <= window; j++) normaliser += j * j;
  const weights = [Float64Array.of(1)];
  for (let o = 1; o <= order; o++) {
    const previous = weights[o - 1]!;
    const current = new Float64Array(previous.length + 2 * window);
    previous.forEach((weight, k) => {
      for (let j = -window; j <= window; j++) current[k + j + window]! += (weight * j) / normaliser;
    });
    weights.push(current);
  }
  return weights;
}

/**
 * Appends to each frame its derivatives by time: [static, slopes, curvatures, …]. Frames before the
 * first and after the last are taken to equal it.
 */
export function appendDeltas(
  features: FeatureMatrix,
  options: { readonly order: number; readonly window: number },
): FeatureMatrix {
  const { frames, dims, values } = features;
  const { order, window } = options;
  if (order === 0) return features;
  const wide = dims * (order + 1);
  const output = new Float32Array(frames * wide);
  const weights = deltaWeights(order, window);
  const sums = new Float64Array(dims);
  for (let t = 0; t < frames; t++) {
    for (let o = 0; o <= order; o++) {
      const taps = weights[o]!;
      sums.fill(0);
      for (let k = 0; k < taps.length; k++) {
        const weight = taps[k]!;
        if (weight === 0) continue;
        const row = dims * Math.min(frames - 1, Math.max(0, t + k - o * window));
        for (let d = 0; d < dims; d++) sums[d]! += weight * values[row + d]!;
      }
      const at = t * wide + o * dims;
      for (let d = 0; d < dims; d++) output[at + d] = sums[d]!;
    }
  }
  return { frames, dims: wide, values: output };
}
