/** What an acoustic model says of each frame: one score a unit (CTC label or HMM state). */
export type EmissionMatrix = {
  readonly frames: number;
  readonly units: number;
  /**
   * frames × units; `[t * units + k]`. Natural-log probabilities (CTC) or log-likelihoods (HMM),
   * never NaN, never +∞.
   */
  readonly logProbs: Float32Array;
};
