import { SoriError } from '../../errors.ts';
import type { FeatureMatrix } from '../../features/feature-matrix.ts';

/** What a model, and the service's limits, demand of a posted matrix. */
export type FeatureDemands = { readonly dims: number; readonly maxFrames: number };

/** Says what is wrong with posted features, and in which field. */
export function invalidFeatures(message: string, param = 'features'): SoriError {
  return new SoriError('invalid_features', message, { param });
}

/**
 * Holds a declared shape against the model before anything is allocated for it.
 * @throws SoriError invalid_features | too_many_frames
 */
export function checkShape(frames: number, dims: number, demands: FeatureDemands): void {
  if (frames === 0) throw invalidFeatures('expected at least one frame, got an empty matrix');
  if (dims !== demands.dims)
    throw invalidFeatures(`expected ${demands.dims} features a frame, got ${dims}`);
  if (frames > demands.maxFrames)
    throw new SoriError(
      'too_many_frames',
      `expected at most ${demands.maxFrames} frames, got ${frames}`,
      { param: 'features' },
    );
}

/**
 * A recurrent layer turns NaN into finite numbers, so what is not finite must stop here.
 * @throws SoriError invalid_features
 */
export function checkFinite({ values, dims }: FeatureMatrix, param = 'features'): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    // False for ±∞ and NaN alike.
    if (!(Math.abs(value) <= 3.4028234663852886e38)) {
      const frame = Math.floor(index / dims);
      throw invalidFeatures(
        `expected finite float32 numbers, got ${value} at frame ${frame}, feature ${index % dims}`,
        param,
      );
    }
  }
}
