import type { Random } from '../../math/random.ts';
import {
  type Direction,
  directionsOf,
  layerInputs,
  type NetworkArchitecture,
} from './architecture.ts';
import { cells } from './cells.ts';

export type ParameterTensor = {
  readonly name: string;
  /** Rows × columns, row-major, or columns alone for a bias. */
  readonly shape: readonly number[];
  /** Where the tensor begins in the flat parameter vector. */
  readonly offset: number;
  readonly size: number;
};

/** All weights of a network as one flat vector: what optimizers, checkpoints and clipping work on. */
export type ParameterLayout = {
  readonly tensors: readonly ParameterTensor[];
  readonly size: number;
};

export const recurrentParameterNames = (layer: number, direction: Direction) => ({
  /** inputs × (gates·hidden) */
  input: `layer${layer}.${direction}.input`,
  /** hidden × (gates·hidden) */
  recurrent: `layer${layer}.${direction}.recurrent`,
  /** gates·hidden */
  bias: `layer${layer}.${direction}.bias`,
});

export const outputParameterNames = {
  /** (directions·hidden) × labels */
  weight: 'output.weight',
  /** labels */
  bias: 'output.bias',
};

export function parameterLayout(architecture: NetworkArchitecture): ParameterLayout {
  const tensors: ParameterTensor[] = [];
  let offset = 0;
  const append = (name: string, ...shape: number[]) => {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    tensors.push({ name, shape, offset, size });
    offset += size;
  };
  const columns = cells[architecture.cell].gates * architecture.hidden;
  for (let layer = 0; layer < architecture.layers; layer++) {
    for (const direction of directionsOf(architecture)) {
      const names = recurrentParameterNames(layer, direction);
      append(names.input, layerInputs(architecture, layer), columns);
      append(names.recurrent, architecture.hidden, columns);
      append(names.bias, columns);
    }
  }
  append(outputParameterNames.weight, layerInputs(architecture, 1), architecture.labels);
  append(outputParameterNames.bias, architecture.labels);
  return { tensors, size: offset };
}

/** The part of a flat vector that belongs to the tensor of this name. Throws RangeError if none does. */
export function tensorView<A extends Float32Array | Float64Array>(
  vector: A,
  layout: ParameterLayout,
  name: string,
): A {
  const tensor = layout.tensors.find((candidate) => candidate.name === name);
  if (tensor === undefined) {
    const known = layout.tensors.map((candidate) => candidate.name).join(', ');
    throw new RangeError(`[tensorView] expected one of ${known}, got ${name}`);
  }
  return vector.subarray(tensor.offset, tensor.offset + tensor.size) as A;
}

/**
 * Weights uniform in ±√(3 / rows) (LeCun et al. 1998: unit variance in, unit variance out), biases zero
 * but for the forget gate's, which is 1 (Gers et al. 2000; Jozefowicz et al. 2015) so that a cell
 * remembers before it has learned what to forget.
 */
export function initialParameters(architecture: NetworkArchitecture, random: Random): Float32Array {
  const layout = parameterLayout(architecture);
  const parameters = new Float32Array(layout.size);
  const { hidden } = architecture;
  for (const tensor of layout.tensors) {
    const values = parameters.subarray(tensor.offset, tensor.offset + tensor.size);
    if (tensor.shape.length === 1) {
      if (architecture.cell === 'lstm' && tensor.name !== outputParameterNames.bias) {
        values.fill(1, 2 * hidden, 3 * hidden);
      }
      continue;
    }
    const bound = Math.sqrt(3 / tensor.shape[0]!);
    for (let index = 0; index < values.length; index++)
      values[index] = random.uniform(-bound, bound);
  }
  return parameters;
}
