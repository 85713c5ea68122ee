import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import { readNpyFloat32 } from '../reference/npy.ts';
import { readPcm16Wav } from '../reference/pcm-wav.ts';
import { kaldiRecipe } from './kaldi-recipes.ts';

const folder = new URL('../golden/features/', import.meta.url);
const logMel8k = kaldiRecipe('log-mel', 8000, 40);
const mfcc8k = kaldiRecipe('mfcc', 8000, 23);

const cases = [
  { name: 'log-mel-80-16k', recipe: kaldiRecipe('log-mel', 16_000, 80) },
  { name: 'log-mel-40-8k', recipe: logMel8k },
  {
    name: 'log-mel-40-8k-hamming-energy',
    recipe: { ...logMel8k, window: 'hamming', useEnergy: true, preemphasis: 0 } as const,
  },
  { name: 'log-mel-40-8k-warp-0.88', recipe: logMel8k, melWarp: 0.88 },
  { name: 'log-mel-40-8k-warp-1.12', recipe: logMel8k, melWarp: 1.12 },
  { name: 'mfcc-13-16k', recipe: kaldiRecipe('mfcc', 16_000, 23) },
  { name: 'mfcc-13-8k', recipe: mfcc8k },
  { name: 'mfcc-13-8k-energy', recipe: { ...mfcc8k, useEnergy: true } },
];

describe('features of a chirp with noise and silence (test/golden/features/make.py)', () => {
  it.each(cases)('equals torchaudio on $name within 1e-4', ({ name, recipe, melWarp = 1 }) => {
    const golden = readNpyFloat32(readFileSync(new URL(`${name}.npy`, folder)));
    const wav = new URL(`signal-${recipe.sampleRateHz / 1000}k.wav`, folder);
    const { samples } = readPcm16Wav(readFileSync(wav));
    const features = new FeatureExtractor(recipe, { melWarp }).extract(samples);
    expect([features.frames, features.dims]).toEqual(golden.shape);
    features.values.forEach((value, index) => {
      expect(Math.abs(value - golden.values[index]!)).toBeLessThan(1e-4);
    });
  });
});
