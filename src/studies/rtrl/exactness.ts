import { BackPropagation } from '../../training/theory/back-propagation.ts';
import { learnOnline, learnSequence } from '../../training/theory/learner.ts';
import { euclideanNorm } from '../../training/theory/matrices.ts';
import { RealTimeRecurrentLearning } from '../../training/theory/real-time-recurrent-learning.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type CellName, randomCase } from './methods.ts';

const hidden = 16;
const frames = 64;

export type Exactness = {
  readonly cell: CellName;
  readonly hidden: number;
  readonly frames: number;
  /** ‖RTRL − BPTT‖ / ‖BPTT‖ of the gradient, weights held. */
  readonly rtrlDifference: Spread;
  /** The cosine between truncated gradient BPTT(k; k/2) and the full one. */
  readonly truncated: readonly { readonly depth: number; readonly cosine: Spread }[];
  /** ‖RTRL's updates after each frame / rate − BPTT‖ / ‖BPTT‖. */
  readonly online: readonly { readonly rate: number; readonly difference: Spread }[];
};

const depths = [2, 4, 8, 16, 32, 64];
const rates = [1e-1, 1e-2, 1e-3, 1e-4];

/** How near other ways come to the gradient of full back-propagation, over seeds. */
export function exactness(cell: CellName, seeds: readonly number[]): Exactness {
  const cases = seeds.map((seed) => {
    const { network, parameters, sequence } = randomCase(cell, hidden, frames, seed);
    const full = new BackPropagation(network);
    learnSequence(full, parameters, sequence);
    return { network, parameters, sequence, full: full.gradient };
  });
  const overCases = (measure: (one: (typeof cases)[number]) => number) =>
    spreadOf(cases.map(measure));
  return {
    cell,
    hidden,
    frames,
    rtrlDifference: overCases(({ network, parameters, sequence, full }) => {
      const learner = new RealTimeRecurrentLearning(network);
      learnSequence(learner, parameters, sequence);
      return relativeDistance(learner.gradient, full);
    }),
    truncated: depths.map((depth) => ({
      depth,
      cosine: overCases(({ network, parameters, sequence, full }) => {
        const learner = new BackPropagation(network, { depth, interval: depth / 2 });
        learnSequence(learner, parameters, sequence);
        return cosine(learner.gradient, full);
      }),
    })),
    online: rates.map((rate) => ({
      rate,
      difference: overCases(({ network, parameters, sequence, full }) => {
        const moved = parameters.slice();
        learnOnline(new RealTimeRecurrentLearning(network), moved, sequence, rate);
        return relativeDistance(
          moved.map((value, index) => (parameters[index]! - value) / rate),
          full,
        );
      }),
    })),
  };
}

function relativeDistance(a: Float64Array, b: Float64Array): number {
  return euclideanNorm(a.map((value, index) => value - b[index]!)) / euclideanNorm(b);
}

function cosine(a: Float64Array, b: Float64Array): number {
  const product = a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  return product / euclideanNorm(a) / euclideanNorm(b);
}
