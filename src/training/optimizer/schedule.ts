/** How the learning rate goes over the steps of a run. */
export type Schedule = {
  readonly learningRate: number;
  /** The rate rises in a straight line over so many steps. */
  readonly warmupSteps: number;
  /** `constant`; half a `cosine` (Loshchilov & Hutter 2017); or an `exponential`. */
  readonly decay: 'constant' | 'cosine' | 'exponential';
  /** Where decay ends, as a share of `learningRate`. */
  readonly finalShare: number;
};

/** @param step counted from 0 */
export function learningRateAt(schedule: Schedule, step: number, totalSteps: number): number {
  const { learningRate, warmupSteps, finalShare } = schedule;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const decaySteps = Math.max(1, totalSteps - warmupSteps);
  const progress = Math.min(1, (step - warmupSteps) / decaySteps);
  switch (schedule.decay) {
    case 'constant':
      return learningRate;
    case 'cosine':
      return (
        learningRate * (finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * progress)))
      );
    case 'exponential':
      return learningRate * finalShare ** progress;
  }
}
