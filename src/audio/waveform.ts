/** A recording as every later stage takes it: one channel, full scale ±1. */
export type Waveform = {
  readonly sampleRateHz: number;
  /** Mono, full scale ±1 (a float recording may go beyond). */
  readonly samples: Float32Array;
};
