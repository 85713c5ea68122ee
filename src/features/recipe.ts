import { z } from 'zod';
import { windowNames } from './frame-window.ts';
import { melFilterbank } from './mel-filterbank.ts';
import { fftSize, frameDims, frameLengthSamples, frameShiftSamples } from './recipe-sizes.ts';

export {
  featureDims,
  fftSize,
  frameDims,
  frameLengthSamples,
  frameShiftSamples,
  staticDims,
} from './recipe-sizes.ts';

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const seconds = finite.positive();

/** What is subtracted from and multiplied into every dimension, after the deltas, before the stacking. */
const normalisationSchema = z.discriminatedUnion('kind', [
  /** The frames as they are. */
  z.strictObject({ kind: z.literal('none') }),
  /** Each utterance by its own mean and, with `variance`, its own standard deviation. */
  z.strictObject({ kind: z.literal('utterance'), variance: z.boolean() }),
  /** Every utterance by the same figures, one a dimension: `(value − mean) · inverseDeviation`. */
  z.strictObject({
    kind: z.literal('global'),
    mean: z.array(finite),
    inverseDeviation: z.array(finite),
  }),
  /**
   * Each utterance by its own mean and standard deviation as far as it is long enough to tell them: as if
   * `priorFrames` frames of the given figures had been heard before it (maximum a posteriori, Gauvain & Lee
   * 1994). Before that the first dimension (MFCC's energy or zeroth cepstrum) is taken relative to the
   * utterance's loud frames.
   */
  z.strictObject({
    kind: z.literal('adapted'),
    priorFrames: finite.positive(),
    mean: z.array(finite),
    inverseDeviation: z.array(finite),
  }),
]);

const sharedFields = {
  /** Rate of the samples that the extractor reads; other recordings are resampled first. */
  sampleRateHz: finite.min(1000).max(192_000),
  /** Length of one analysis frame; the FFT takes the next power of two of samples. */
  frameLengthSeconds: seconds.max(1),
  /** From the start of one frame to the start of the next, before striding. */
  frameShiftSeconds: seconds.max(1),
  /** Taper of a frame; "povey" is Kaldi's, a Hann window to the power of 0.85. */
  window: z.enum(windowNames),
  /** Coefficient c of `x[n] − c · x[n − 1]`; 0 for none. */
  preemphasis: finite.min(0).max(1),
  /** Subtract each frame's mean before anything else. */
  removeDcOffset: z.boolean(),
  /** Triangular filters between `lowHz` and `highHz`, equally wide on the mel scale. */
  melBins: z.int().min(1).max(512),
  lowHz: finite.nonnegative(),
  /** At most half the sample rate. */
  highHz: finite.positive(),
  /**
   * The frame's log energy, before pre-emphasis and window: as a first dimension of log-mel features, in
   * place of the first cepstral coefficient of MFCC. Absent is false.
   */
  useEnergy: z.boolean().optional(),
  /** `order` 0 for none, 1 for slopes, 2 for curvatures too; `window` frames on either side. */
  deltas: z.strictObject({ order: z.int().min(0).max(4), window: z.int().min(1).max(50) }),
  normalisation: normalisationSchema,
  /** Successive frames joined to one row. */
  stack: z.int().min(1).max(64),
  /** Frames from one row to the next. */
  stride: z.int().min(1).max(64),
};

const logMelSchema = z.strictObject({ kind: z.literal('log-mel'), ...sharedFields });

const mfccSchema = z.strictObject({
  kind: z.literal('mfcc'),
  ...sharedFields,
  /** Cepstral coefficients kept, the zeroth included; at most `melBins`. */
  cepstra: z.int().min(1).max(512),
  /** Q of the lifter `1 + Q/2 · sin(π i / Q)` that evens out the coefficients' ranges; 0 for none. */
  lifter: finite.nonnegative(),
});

/**
 * How recordings become features: everything that the extractor needs, kept in a model's model.json, so
 * that training and serving compute the same. The semantics are Kaldi's (compute-fbank-feats,
 * compute-mfcc-feats, with samples at the scale of 16-bit integers, whole frames only and no dither).
 */
export const featureRecipeSchema = z
  .discriminatedUnion('kind', [logMelSchema, mfccSchema])
  .superRefine((recipe, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });

    if (frameLengthSamples(recipe) < 3)
      issue(['frameLengthSeconds'], 'expected at least three samples a frame');
    if (frameShiftSamples(recipe) < 1)
      issue(['frameShiftSeconds'], 'expected at least one sample a shift');
    if (recipe.kind === 'mfcc' && recipe.cepstra > recipe.melBins)
      issue(['cepstra'], `expected at most melBins = ${recipe.melBins}, got ${recipe.cepstra}`);
    if ('mean' in recipe.normalisation) {
      const dims = frameDims(recipe);
      for (const name of ['mean', 'inverseDeviation'] as const) {
        const got = recipe.normalisation[name].length;
        if (got !== dims)
          issue(['normalisation', name], `expected ${dims} numbers, one a dimension, got ${got}`);
      }
    }
    try {
      melFilterbank(recipe, fftSize(recipe));
    } catch (error) {
      issue(['melBins'], (error as Error).message);
    }
  });

export type FeatureRecipe = z.infer<typeof featureRecipeSchema>;
