import { type FeatureRecipe, frameDims, staticDims } from '../../features/recipe.ts';
import { BatchSource, type BatchSourceDefinition } from './batch-source.ts';

export type NormalisationStatistics = {
  readonly mean: number[];
  readonly inverseDeviation: number[];
};

const smallestDeviation = 1e-3;

/**
 * Mean and inverse standard deviation of every dimension, before stacking and without the recipe's
 * normalisation, over examples as training reads them, masks apart. Seeded by the definition. Frames of
 * digital silence are left out: their logarithms stand so far below any sound that they alone would set
 * the deviation.
 * @param before normalisation that the figures are to be measured behind; none by default
 * @throws RangeError if there is no sound in any example
 */
export function measureNormalisation(
  definition: BatchSourceDefinition,
  examples: number,
  before: FeatureRecipe['normalisation'] = { kind: 'none' },
): NormalisationStatistics {
  const { augmentation, recipe } = definition;
  const source = new BatchSource({
    ...definition,
    augmentation: { ...augmentation, masking: { ...augmentation.masking, probability: 0 } },
    recipe: { ...recipe, normalisation: before, stack: 1, stride: 1 },
  });
  const dims = frameDims(recipe);
  const sum = new Float64Array(dims);
  const squares = new Float64Array(dims);
  let count = 0;
  for (const { frames, features } of source.examples(examples)) {
    for (let t = 0; t < frames; t++) {
      const frame = features.subarray(t * dims, (t + 1) * dims);
      if (isFlat(frame.subarray(0, staticDims(recipe)))) continue;
      count++;
      for (let d = 0; d < dims; d++) {
        sum[d]! += frame[d]!;
        squares[d]! += frame[d]! ** 2;
      }
    }
  }
  if (count === 0) throw new RangeError('[measureNormalisation] expected sound, got silence only');
  const mean = Array.from(sum, (value) => value / count);
  const inverseDeviation = mean.map((value, d) => {
    const deviation = Math.sqrt(Math.max(0, squares[d]! / count - value ** 2));
    return 1 / Math.max(smallestDeviation, deviation);
  });
  return { mean, inverseDeviation };
}

/** The recipe with these figures in place of no normalisation; any other stays. */
export function normalised(
  recipe: FeatureRecipe,
  statistics: NormalisationStatistics,
): FeatureRecipe {
  if (recipe.normalisation.kind !== 'none') return recipe;
  return { ...recipe, normalisation: { kind: 'global', ...statistics } };
}

/** Digital silence has the same energy, none, in every band. */
function isFlat(values: Float32Array): boolean {
  return values.length > 1 && values.every((value) => value === values[0]);
}
