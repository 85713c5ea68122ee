import type { FeatureMatrix } from './feature-matrix.ts';
import type { FeatureRecipe } from './recipe.ts';

/**
 * A dimension whose standard deviation is below this (digital silence, a single frame) is divided by it
 * instead: log energies of any sound vary by far more, and rounding errors by far less.
 */
const deviationFloor = 1e-2;

/** Normalises the frames in place, as the recipe says. */
export function normalise(
  features: FeatureMatrix,
  normalisation: FeatureRecipe['normalisation'],
): void {
  switch (normalisation.kind) {
    case 'none':
      return;
    case 'utterance':
      normaliseUtterance(features, normalisation.variance);
      return;
    case 'global':
      shiftAndScale(features, normalisation.mean, normalisation.inverseDeviation);
  }
}

/** (value − mean) / max(deviation, deviationFloor) over this utterance's frames; without `variance`, value − mean. */
function normaliseUtterance(features: FeatureMatrix, variance: boolean): void {
  const { frames, dims, values } = features;
  if (frames === 0) return;
  const mean = new Float64Array(dims);
  for (let t = 0, index = 0; t < frames; t++)
    for (let d = 0; d < dims; d++, index++) mean[d]! += values[index]!;
  for (let d = 0; d < dims; d++) mean[d]! /= frames;

  const inverseDeviation = new Float64Array(dims).fill(1);
  if (variance) {
    const squares = new Float64Array(dims);
    for (let t = 0, index = 0; t < frames; t++)
      for (let d = 0; d < dims; d++, index++) squares[d]! += (values[index]! - mean[d]!) ** 2;
    for (let d = 0; d < dims; d++)
      inverseDeviation[d] = 1 / Math.max(Math.sqrt(squares[d]! / frames), deviationFloor);
  }
  shiftAndScale(features, mean, inverseDeviation);
}

/** (value − mean) · inverseDeviation, dimension by dimension. */
function shiftAndScale(
  features: FeatureMatrix,
  mean: ArrayLike<number>,
  inverseDeviation: ArrayLike<number>,
): void {
  const { frames, dims, values } = features;
  for (let t = 0, index = 0; t < frames; t++)
    for (let d = 0; d < dims; d++, index++)
      values[index] = (values[index]! - mean[d]!) * inverseDeviation[d]!;
}
