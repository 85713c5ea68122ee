import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import { readNpyFloat32 } from '../reference/npy.ts';
import { readPcm16Wav } from '../reference/pcm-wav.ts';
import { kaldiRecipe } from './kaldi-recipes.ts';

// Recordings may not enter this repository: these stand beside it where the project is developed.
const folder = new URL('../../../shared/golden/', import.meta.url);
const cases = [
  { name: 'fbank40_8k', wav: 'golden_8k', recipe: kaldiRecipe('log-mel', 8000, 40) },
  { name: 'fbank80_16k', wav: 'golden_16k', recipe: kaldiRecipe('log-mel', 16_000, 80) },
  { name: 'mfcc13_8k', wav: 'golden_8k', recipe: kaldiRecipe('mfcc', 8000, 23) },
  { name: 'mfcc13_16k', wav: 'golden_16k', recipe: kaldiRecipe('mfcc', 16_000, 23) },
];

describe.skipIf(!existsSync(folder))('features of the recordings in ../shared/golden', () => {
  it.each(cases)('equals torchaudio on $name within 5e-3', ({ name, wav, recipe }) => {
    const golden = readNpyFloat32(readFileSync(new URL(`${name}.npy`, folder)));
    const { samples } = readPcm16Wav(readFileSync(new URL(`wav/${wav}.wav`, folder)));
    const features = new FeatureExtractor(recipe).extract(samples);
    expect([features.frames, features.dims]).toEqual(golden.shape);
    let worst = 0;
    features.values.forEach((value, index) => {
      worst = Math.max(worst, Math.abs(value - golden.values[index]!));
    });
    expect(worst).toBeLessThan(5e-3);
  });
});
