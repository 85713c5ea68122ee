import { appendDeltas } from './deltas.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import { normalise } from './normalisation.ts';
import type { FeatureRecipe } from './recipe.ts';
import { featureDims, frameShiftSamples } from './recipe-sizes.ts';
import { stackFrames } from './stacking.ts';
import { StaticFeatures } from './static-features.ts';

/**
 * Turns samples into the features that a recipe describes: frames, deltas, normalisation, stacking.
 * Equal to Kaldi's fbank and MFCC (snip-edges, no dither). Any finite samples give finite features.
 *
 * One extractor serves one caller at a time, which JavaScript guarantees: its buffers are reused.
 */
export class FeatureExtractor {
  /** of the final matrix */
  readonly dims: number;
  /** of the final matrix, stride included */
  readonly frameShiftSeconds: number;
  private readonly recipe: FeatureRecipe;
  private readonly staticFeatures: StaticFeatures;

  /**
   * @param options.melWarp vocal tract length perturbation, for training: the speaker's frequencies seem
   *   multiplied by it; 1, the default, leaves them
   * @throws RangeError when the recipe or the warp leaves a mel filter without a point of the spectrum
   */
  constructor(recipe: FeatureRecipe, options: { readonly melWarp?: number } = {}) {
    this.recipe = recipe;
    this.staticFeatures = new StaticFeatures(recipe, options.melWarp ?? 1);
    this.dims = featureDims(recipe);
    this.frameShiftSeconds = (frameShiftSamples(recipe) * recipe.stride) / recipe.sampleRateHz;
  }

  /**
   * @param samples mono, full scale ±1, at the recipe's sample rate
   * @returns ⌈frames / stride⌉ rows × dims; no row when the samples are shorter than one frame
   * @throws RangeError when a sample is not finite
   */
  extract(samples: Float32Array): FeatureMatrix {
    const { deltas, normalisation, stack, stride } = this.recipe;
    const frames = appendDeltas(this.staticFeatures.extract(samples), deltas);
    normalise(frames, normalisation);
    return stackFrames(frames, stack, stride);
  }
}
