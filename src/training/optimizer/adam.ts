import type { Optimizer } from './optimizer.ts';

export type AdamOptions = {
  /** Decay of the mean gradient, β₁. */
  readonly meanDecay: number;
  /** Decay of the mean squared gradient, β₂. */
  readonly squareDecay: number;
  readonly epsilon: number;
  /** Share of each parameter taken away a step, times the learning rate; not part of the gradient. */
  readonly weightDecay: number;
};

/**
 * Adam (Kingma & Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov & Hutter 2019,
 * algorithm 2).
 */
export function adam(options: AdamOptions): Optimizer {
  const { meanDecay, squareDecay, epsilon, weightDecay } = options;
  return {
    slotCount: 2,
    update(parameters, gradient, slots, step, learningRate) {
      const [means, squares] = slots as [Float32Array, Float32Array];
      const meanCorrection = 1 / (1 - meanDecay ** step);
      const squareCorrection = 1 / (1 - squareDecay ** step);
      const kept = 1 - learningRate * weightDecay;
      for (let index = 0; index < parameters.length; index++) {
        const slope = gradient[index]!;
        const mean = meanDecay * means[index]! + (1 - meanDecay) * slope;
        const square = squareDecay * squares[index]! + (1 - squareDecay) * slope * slope;
        means[index] = mean;
        squares[index] = square;
        const direction =
          (mean * meanCorrection) / (Math.sqrt(square * squareCorrection) + epsilon);
        parameters[index] = kept * parameters[index]! - learningRate * direction;
      }
    },
  };
}
