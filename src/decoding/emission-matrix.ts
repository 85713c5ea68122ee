/** What an acoustic model says of each frame: one score a unit (CTC label or HMM state). */
export type EmissionMatrix = {
  readonly frames: number;
  readonly units: number;
  /**
   * frames × units; `[t * units + k]`. Natural-log probabilities (CTC) or log-likelihoods (HMM),
   * never NaN, never +∞. One field for both, since a search only adds them along paths and compares:
   * what needs rows that sum to one are CTC's confidences, and those of a softmax do.
   */
  readonly logProbs: Float32Array;
};
