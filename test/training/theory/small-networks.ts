import { Random } from '../../../src/math/random.ts';
import type { NetworkArchitecture } from '../../../src/training/network/architecture.ts';
import { initialParameters } from '../../../src/training/network/parameters.ts';
import type { LabelledSequence } from '../../../src/training/theory/learner.ts';
import { TheoryNetwork } from '../../../src/training/theory/network.ts';

export const cellNames = ['rnn', 'lstm'] as const;

/** A network with weights that are large enough to matter, and a sequence that asks in most frames. */
export function smallCase(
  cell: NetworkArchitecture['cell'],
  { frames = 12, hidden = 5, seed = 3 } = {},
): { network: TheoryNetwork; parameters: Float64Array; sequence: LabelledSequence } {
  const random = new Random(seed);
  const shape = { inputs: 3, labels: 4, layers: 1, bidirectional: false } as const;
  const network = new TheoryNetwork({ ...shape, cell, hidden });
  const parameters = Float64Array.from(
    initialParameters(network.architecture, random),
    (value) => value + 0.2 * random.gaussian(),
  );
  const sequence = {
    frames,
    features: Float64Array.from({ length: frames * shape.inputs }, () => random.gaussian()),
    targets: Int32Array.from({ length: frames }, () => random.integer(shape.labels + 1) - 1),
  };
  return { network, parameters, sequence };
}

/** The largest difference, as a share of the largest value. */
export function relativeDifference(a: Float64Array, b: Float64Array): number {
  const largest = Math.max(...b.map(Math.abs));
  return Math.max(...a.map((value, index) => Math.abs(value - b[index]!))) / largest;
}

/** (f(p + ε) − f(p − ε)) / 2ε for every number of p. */
export function centralDifferences(
  point: Float64Array,
  evaluate: (point: Float64Array) => number,
): Float64Array {
  const step = 1e-5;
  return point.map((value, index) => {
    const moved = point.slice();
    moved[index] = value + step;
    const above = evaluate(moved);
    moved[index] = value - step;
    return (above - evaluate(moved)) / (2 * step);
  });
}
