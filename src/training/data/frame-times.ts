import {
  type FeatureRecipe,
  frameLengthSamples,
  frameShiftSamples,
} from '../../features/recipe.ts';

/** Where the middle of each row of a feature matrix lies in the sound, in samples. */
export type FrameTimes = {
  /** Of row 0. */
  readonly first: number;
  /** From one row's to the next one's. */
  readonly step: number;
};

/** @param sampleRateHz what samples are counted at; the recipe's own rate by default */
export function frameTimesOf(
  recipe: FeatureRecipe,
  sampleRateHz = recipe.sampleRateHz,
): FrameTimes {
  const { stack, stride } = recipe;
  const shift = frameShiftSamples(recipe);
  const ratio = sampleRateHz / recipe.sampleRateHz;
  const first = ((stack - 1) * shift + frameLengthSamples(recipe)) / 2;
  return { first: first * ratio, step: shift * stride * ratio };
}
