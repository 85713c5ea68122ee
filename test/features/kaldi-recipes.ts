import type { FeatureRecipe } from '../../src/features/recipe.ts';

/** Kaldi's default options as a recipe: 25 ms every 10 ms, 20 Hz to Nyquist; MFCC keeps 13 of its bins. */
export function kaldiRecipe(
  kind: FeatureRecipe['kind'],
  sampleRateHz: number,
  melBins: number,
): FeatureRecipe {
  const shared = {
    sampleRateHz,
    frameLengthSeconds: 0.025,
    frameShiftSeconds: 0.01,
    window: 'povey',
    preemphasis: 0.97,
    removeDcOffset: true,
    melBins,
    lowHz: 20,
    highHz: sampleRateHz / 2,
    deltas: { order: 0, window: 2 },
    normalisation: { kind: 'none' },
    stack: 1,
    stride: 1,
  } as const;
  return kind === 'log-mel' ? { kind, ...shared } : { kind, ...shared, cepstra: 13, lifter: 22 };
}
