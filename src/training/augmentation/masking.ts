import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import type { Random } from '../../math/random.ts';
import type { AugmentationConfig } from './config.ts';

/**
 * Masks spans of time and of bands with the matrix's own mean, in place (SpecAugment, Park et al. 2019).
 * @param bands dimensions of one frame before deltas and stacking; a mask covers a band in all of these
 */
export function maskFeatures(
  features: FeatureMatrix,
  bands: number,
  frameShiftSeconds: number,
  config: AugmentationConfig['masking'],
  random: Random,
): void {
  const { frames, dims, values } = features;
  if (frames === 0) return;
  const mean = meanOfDims(features);
  for (let mask = 0; mask < config.timeMasks; mask++) {
    const width = Math.round(random.uniform(...config.timeSeconds) / frameShiftSeconds);
    const first = random.integer(Math.max(1, frames - width + 1));
    for (let t = first; t < Math.min(frames, first + width); t++) values.set(mean, t * dims);
  }
  for (let mask = 0; mask < config.bandMasks; mask++) {
    const width = Math.round(random.uniform(...config.bandShare) * bands);
    const first = random.integer(Math.max(1, bands - width + 1));
    for (let part = 0; part < dims; part += bands) {
      const from = part + first;
      const masked = mean.subarray(from, from + width);
      for (let t = 0; t < frames; t++) values.set(masked, t * dims + from);
    }
  }
}

function meanOfDims({ frames, dims, values }: FeatureMatrix): Float32Array {
  const sum = new Float64Array(dims);
  for (let t = 0, index = 0; t < frames; t++) {
    for (let d = 0; d < dims; d++, index++) sum[d]! += values[index]!;
  }
  return Float32Array.from(sum, (value) => value / frames);
}
