/**
 * What an acoustic model reads: one row of features a frame, whatever made them (speech, pen strokes,
 * a sensor).
 */
export type FeatureMatrix = {
  readonly frames: number;
  readonly dims: number;
  /** frames × dims; `[t * dims + d]` */
  readonly values: Float32Array;
};
