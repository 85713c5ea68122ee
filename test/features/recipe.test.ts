import { describe, expect, it } from 'vitest';
import { featureDims, featureRecipeSchema, frameLengthSamples } from '../../src/features/recipe.ts';
import { kaldiRecipe } from './kaldi-recipes.ts';

const logMel = kaldiRecipe('log-mel', 8000, 40);
const mfcc = kaldiRecipe('mfcc', 8000, 23);

/** The path of the first thing wrong with the recipe. */
function complaint(recipe: unknown): string | undefined {
  const result = featureRecipeSchema.safeParse(recipe);
  return result.success ? undefined : result.error.issues[0]!.path.join('.');
}

describe('featureRecipeSchema', () => {
  it('accepts a recipe and gives it back unchanged', () => {
    expect(featureRecipeSchema.parse(logMel)).toEqual(logMel);
    expect(featureRecipeSchema.parse(mfcc)).toEqual(mfcc);
  });

  it.each([
    ['an unknown field', { ...logMel, dither: 1 }, ''],
    ['a field of the other kind', { ...logMel, cepstra: 13 }, ''],
    ['a missing field', { ...logMel, preemphasis: undefined }, 'preemphasis'],
    ['an unknown kind', { ...logMel, kind: 'plp' }, 'kind'],
    ['an unknown window', { ...logMel, window: 'kaiser' }, 'window'],
    ['NaN', { ...logMel, lowHz: Number.NaN }, 'lowHz'],
    ['a band beyond half the sample rate', { ...logMel, highHz: 4001 }, 'melBins'],
    ['filters without a point of the spectrum', { ...logMel, melBins: 128 }, 'melBins'],
    ['more cepstra than mel bins', { ...mfcc, cepstra: 24 }, 'cepstra'],
    ['a frame of one sample', { ...logMel, frameLengthSeconds: 0.0002 }, 'frameLengthSeconds'],
    ['a shift of no sample', { ...logMel, frameShiftSeconds: 0.0001 }, 'frameShiftSeconds'],
    [
      'global figures of the wrong width',
      { ...logMel, normalisation: { kind: 'global', mean: [1], inverseDeviation: [1] } },
      'normalisation.mean',
    ],
  ])('refuses %s and says where', (_, recipe, path) => {
    expect(complaint(recipe)).toBe(path);
  });
});

describe('sizes that follow from a recipe', () => {
  it('drops a fraction of a sample, but not for a rounding error', () => {
    expect(frameLengthSamples({ sampleRateHz: 11_025, frameLengthSeconds: 0.025 })).toBe(275);
    expect(frameLengthSamples({ sampleRateHz: 44_100, frameLengthSeconds: 0.03 })).toBe(1323);
    expect(frameLengthSamples({ sampleRateHz: 16_000, frameLengthSeconds: 0.025 })).toBe(400);
  });

  it('counts energy, deltas and stacking into the dimensions', () => {
    expect(featureDims({ ...logMel, useEnergy: true, stack: 3 })).toBe(123);
    expect(featureDims({ ...mfcc, useEnergy: true, deltas: { order: 2, window: 2 } })).toBe(39);
  });
});
