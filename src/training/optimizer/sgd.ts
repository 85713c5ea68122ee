import type { Optimizer } from './optimizer.ts';

export type SgdOptions = {
  /** Share of the last step's velocity that is kept; 0 for plain gradient descent. */
  readonly momentum: number;
  /** Share of each parameter taken away a step, times the learning rate. */
  readonly weightDecay: number;
};

/** Stochastic gradient descent with momentum (Polyak 1964; as in Sutskever et al. 2013, eqs. 1 and 2). */
export function sgd({ momentum, weightDecay }: SgdOptions): Optimizer {
  return {
    slotCount: 1,
    update(parameters, gradient, slots, _step, learningRate) {
      const velocities = slots[0]!;
      const kept = 1 - learningRate * weightDecay;
      for (let index = 0; index < parameters.length; index++) {
        const velocity = momentum * velocities[index]! - learningRate * gradient[index]!;
        velocities[index] = velocity;
        parameters[index] = kept * parameters[index]! + velocity;
      }
    },
  };
}
