import { frameDims } from '../../features/recipe.ts';
import { BatchSource, type BatchSourceDefinition } from './batch-source.ts';

export type NormalisationStatistics = {
  readonly mean: number[];
  readonly inverseDeviation: number[];
};

const smallestDeviation = 1e-3;

/**
 * Mean and inverse standard deviation of every dimension, before stacking and without the recipe's
 * normalisation, over examples as training reads them, masks apart. Seeded by the definition.
 */
export function measureNormalisation(
  definition: BatchSourceDefinition,
  examples: number,
): NormalisationStatistics {
  const { augmentation, recipe } = definition;
  const source = new BatchSource({
    ...definition,
    augmentation: { ...augmentation, masking: { ...augmentation.masking, probability: 0 } },
    recipe: { ...recipe, normalisation: { kind: 'none' }, stack: 1, stride: 1 },
  });
  const dims = frameDims(recipe);
  const sum = new Float64Array(dims);
  const squares = new Float64Array(dims);
  let count = 0;
  for (const { frames, features } of source.examples(examples)) {
    count += frames;
    for (let t = 0, index = 0; t < frames; t++) {
      for (let d = 0; d < dims; d++, index++) {
        sum[d]! += features[index]!;
        squares[d]! += features[index]! ** 2;
      }
    }
  }
  const mean = Array.from(sum, (value) => value / count);
  const inverseDeviation = mean.map((value, d) => {
    const deviation = Math.sqrt(Math.max(0, squares[d]! / count - value ** 2));
    return 1 / Math.max(smallestDeviation, deviation);
  });
  return { mean, inverseDeviation };
}
