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
    case 'speech':
      normaliseBySpeech(features, normalisation.variance);
      return;
    case 'global':
      shiftAndScale(features, normalisation.mean, normalisation.inverseDeviation);
  }
}

/**
 * (value − mean) / max(deviation, deviationFloor) over the frames that count, all of them by default;
 * without `variance`, value − mean.
 */
function normaliseUtterance(
  features: FeatureMatrix,
  variance: boolean,
  counts: (frame: number) => boolean = () => true,
): void {
  const { frames, dims, values } = features;
  const mean = new Float64Array(dims);
  const squares = new Float64Array(dims);
  let counted = 0;
  for (let t = 0; t < frames; t++) {
    if (!counts(t)) continue;
    counted++;
    for (let d = 0; d < dims; d++) mean[d]! += values[t * dims + d]!;
  }
  if (counted === 0) return;
  for (let d = 0; d < dims; d++) mean[d]! /= counted;
  for (let t = 0; variance && t < frames; t++) {
    if (!counts(t)) continue;
    for (let d = 0; d < dims; d++) squares[d]! += (values[t * dims + d]! - mean[d]!) ** 2;
  }
  const inverseDeviation = squares.map((square) =>
    variance ? 1 / Math.max(Math.sqrt(square / counted), deviationFloor) : 1,
  );
  shiftAndScale(features, mean, inverseDeviation);
}

/** Which frames from quietest to loudest stand for quiet and loud, and how far between them speech begins. */
const quietRank = 0.1;
const loudRank = 0.95;
const speechShare = 0.5;

/** The same over the louder frames alone: how much silence stands around the speech then changes nothing. */
function normaliseBySpeech(features: FeatureMatrix, variance: boolean): void {
  const { frames, dims, values } = features;
  if (frames === 0) return;
  const loudness = Float32Array.from({ length: frames }, (_, t) => values[t * dims]!);
  const sorted = loudness.toSorted();
  const quiet = sorted[Math.floor(quietRank * (frames - 1))]!;
  const loud = sorted[Math.floor(loudRank * (frames - 1))]!;
  const threshold = quiet + speechShare * (loud - quiet);
  normaliseUtterance(features, variance, (t) => loudness[t]! >= threshold);
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
