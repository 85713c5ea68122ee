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
      return;
    case 'adapted':
      normaliseAdapted(features, normalisation);
  }
}

/** (value − mean) / max(deviation, deviationFloor); without `variance`, value − mean. */
function normaliseUtterance(features: FeatureMatrix, variance: boolean): void {
  const { frames } = features;
  if (frames === 0) return;
  const { mean, squares } = momentsOf(features);
  const inverseDeviation = squares.map((square) =>
    variance ? 1 / Math.max(Math.sqrt(square / frames), deviationFloor) : 1,
  );
  shiftAndScale(features, mean, inverseDeviation);
}

type Adapted = Extract<FeatureRecipe['normalisation'], { readonly kind: 'adapted' }>;

/** Which frame from quietest to loudest stands for loud. */
const loudRank = 0.95;

function normaliseAdapted(
  features: FeatureMatrix,
  { priorFrames, mean: priorMean, inverseDeviation: priorInverse }: Adapted,
): void {
  const { frames, dims, values } = features;
  if (frames === 0) return;
  const loudness = Float32Array.from({ length: frames }, (_, t) => values[t * dims]!);
  const loud = loudness.sort()[Math.floor(loudRank * (frames - 1))]!;
  for (let t = 0; t < frames; t++) values[t * dims] = values[t * dims]! - loud;
  const { mean: ownMean, squares } = momentsOf(features);
  const weight = frames + priorFrames;
  const mean = ownMean.map((own, d) => (frames * own + priorFrames * priorMean[d]!) / weight);
  const inverseDeviation = squares.map((square, d) => {
    const ofOwn = square + frames * (ownMean[d]! - mean[d]!) ** 2;
    const ofPrior = priorFrames * (priorInverse[d]! ** -2 + (priorMean[d]! - mean[d]!) ** 2);
    return 1 / Math.max(Math.sqrt((ofOwn + ofPrior) / weight), deviationFloor);
  });
  shiftAndScale(features, mean, inverseDeviation);
}

/** dims each; the mean, and the sum of squared distances from it */
function momentsOf({ frames, dims, values }: FeatureMatrix) {
  const mean = new Float64Array(dims);
  const squares = new Float64Array(dims);
  for (let t = 0; t < frames; t++)
    for (let d = 0; d < dims; d++) mean[d]! += values[t * dims + d]! / frames;
  for (let t = 0; t < frames; t++)
    for (let d = 0; d < dims; d++) squares[d]! += (values[t * dims + d]! - mean[d]!) ** 2;
  return { mean, squares };
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
