type FrameTimes = {
  readonly sampleRateHz: number;
  readonly frameLengthSeconds: number;
  readonly frameShiftSeconds: number;
};

type StaticShape =
  | { readonly kind: 'log-mel'; readonly melBins: number; readonly useEnergy?: boolean | undefined }
  | { readonly kind: 'mfcc'; readonly cepstra: number };

type FrameShape = StaticShape & { readonly deltas: { readonly order: number } };

// A product such as 0.025 · 16 000 may fall a rounding error short of the whole number that was meant.
const roundingSlack = 1e-6;

/** Samples of one frame; a fraction of a sample is dropped, as Kaldi does. */
export function frameLengthSamples(
  recipe: Pick<FrameTimes, 'sampleRateHz' | 'frameLengthSeconds'>,
): number {
  return Math.floor(recipe.sampleRateHz * recipe.frameLengthSeconds + roundingSlack);
}

/** Samples from the start of one frame to the start of the next. */
export function frameShiftSamples(
  recipe: Pick<FrameTimes, 'sampleRateHz' | 'frameShiftSeconds'>,
): number {
  return Math.floor(recipe.sampleRateHz * recipe.frameShiftSeconds + roundingSlack);
}

/** The power of two that a frame is padded to with zeros. */
export function fftSize(recipe: Pick<FrameTimes, 'sampleRateHz' | 'frameLengthSeconds'>): number {
  return 2 ** Math.ceil(Math.log2(Math.max(4, frameLengthSamples(recipe))));
}

/** Dimensions of a frame before deltas. */
export function staticDims<Shape extends StaticShape>(recipe: Shape): number {
  if (recipe.kind === 'mfcc') return recipe.cepstra;
  return recipe.melBins + (recipe.useEnergy ? 1 : 0);
}

/** Dimensions of a frame with its deltas: what normalisation acts on. */
export function frameDims<Shape extends FrameShape>(recipe: Shape): number {
  return staticDims(recipe) * (recipe.deltas.order + 1);
}

/** Dimensions of a row of the final matrix, stacking included: what the acoustic model reads. */
export function featureDims<Shape extends FrameShape & { readonly stack: number }>(
  recipe: Shape,
): number {
  return frameDims(recipe) * recipe.stack;
}
