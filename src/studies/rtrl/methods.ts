import { Random } from '../../math/random.ts';
import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import { initialParameters } from '../../training/network/parameters.ts';
import { BackPropagation } from '../../training/theory/back-propagation.ts';
import type { GradientLearner, LabelledSequence } from '../../training/theory/learner.ts';
import { TheoryNetwork } from '../../training/theory/network.ts';
import { RealTimeRecurrentLearning } from '../../training/theory/real-time-recurrent-learning.ts';

export const cellNames = ['rnn', 'lstm'] as const;
export type CellName = (typeof cellNames)[number];

/** Of the truncated method that stands between the two exact ones: BPTT(16; 8). */
export const truncation = { depth: 16, interval: 8 };

/** The three ways to the gradient. */
export const methods = {
  rtrl: (network) => new RealTimeRecurrentLearning(network),
  bptt: (network) => new BackPropagation(network),
  truncated: (network) => new BackPropagation(network, truncation),
} as const satisfies Readonly<Record<string, (network: TheoryNetwork) => GradientLearner>>;

export type MethodName = keyof typeof methods;
export const methodNames = Object.keys(methods) as MethodName[];

export const methodLabels: Readonly<Record<MethodName, string>> = {
  rtrl: 'RTRL',
  bptt: 'BPTT',
  truncated: `BPTT(${truncation.depth}; ${truncation.interval})`,
};

export const inputs = 4;
export const labels = 4;

/** A network with the engine's starting weights, and noise with random labels for it to fit. */
export function randomCase(
  cell: CellName,
  hidden: number,
  frames: number,
  seed: number,
): { network: TheoryNetwork; parameters: Float64Array; sequence: LabelledSequence } {
  const random = Random.forStream(seed, hidden, frames);
  const architecture: NetworkArchitecture = {
    cell,
    hidden,
    inputs,
    labels,
    layers: 1,
    bidirectional: false,
  };
  return {
    network: new TheoryNetwork(architecture),
    parameters: Float64Array.from(initialParameters(architecture, random)),
    sequence: {
      frames,
      features: Float64Array.from({ length: frames * inputs }, () => random.gaussian()),
      targets: Int32Array.from({ length: frames }, () => random.integer(labels)),
    },
  };
}
