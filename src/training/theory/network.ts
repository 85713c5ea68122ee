import type { NetworkArchitecture } from '../network/architecture.ts';
import {
  outputParameterNames,
  type ParameterLayout,
  parameterLayout,
  tensorView,
} from '../network/parameters.ts';
import { type Slopes, type TheoryCell, theoryCells } from './cell.ts';

/**
 * One recurrent layer in one direction under a linear layer to the logits. The parameters are one flat
 * vector in the order of `../network/parameters.ts`. The weights of the recurrent layer come first, as the
 * rows of one matrix:
 *
 *     z = u V,  u = (x, h₋₁, 1) with I + H + 1 numbers,  V[r, z] = parameters[r * G·H + z]
 *
 * Legend: I inputs, H hidden units, G gates, K labels.
 */
export class TheoryNetwork {
  readonly architecture: NetworkArchitecture;
  readonly layout: ParameterLayout;
  readonly cell: TheoryCell;
  /** G·H, how many sums go into the gates. */
  readonly sums: number;
  /** (I + H + 1)·G·H, how many of the parameters belong to the recurrent layer. */
  readonly recurrentParameters: number;

  /** Throws `RangeError` unless the architecture has one layer and one direction. */
  constructor(architecture: NetworkArchitecture) {
    const { layers, bidirectional, cell, hidden, inputs } = architecture;
    if (layers !== 1 || bidirectional) {
      const directions = bidirectional ? 'two directions' : 'one direction';
      throw new RangeError(
        `[TheoryNetwork] expected one layer in one direction, got ${layers} in ${directions}`,
      );
    }
    this.architecture = architecture;
    this.layout = parameterLayout(architecture);
    this.cell = theoryCells[cell];
    this.sums = this.cell.gates * hidden;
    this.recurrentParameters = (inputs + hidden + 1) * this.sums;
  }

  /**
   * One frame further: `output` and `memory` (H each) go from the frame before to this one.
   * @param features `[from + d]` is input d of this frame
   */
  step(
    parameters: Float64Array,
    features: Float64Array,
    from: number,
    state: NetworkState,
    slopes: Slopes,
  ): void {
    const { sums: Z } = this;
    const { inputs: I, hidden: H } = this.architecture;
    const sums = parameters.slice((I + H) * Z, (I + H + 1) * Z);
    for (let r = 0; r < I; r++) addScaled(sums, features[from + r]!, parameters, r * Z);
    for (let r = 0; r < H; r++) addScaled(sums, state.output[r]!, parameters, (I + r) * Z);
    this.cell.step(sums, state.memory, state.output, slopes);
  }

  /** K logits of an output: h·W + b. */
  logits(parameters: Float64Array, output: Float64Array): Float64Array {
    const { weight, bias } = this.outputLayer(parameters);
    const logits = bias.slice();
    for (let j = 0; j < output.length; j++) addScaled(logits, output[j]!, weight, j * bias.length);
    return logits;
  }

  /**
   * Adds the output layer's part to the gradient by the parameters.
   * @returns H, the gradient by the output
   */
  logitsBackward(
    parameters: Float64Array,
    output: Float64Array,
    logitsGradient: Float64Array,
    gradient: Float64Array,
  ): Float64Array {
    const { weight } = this.outputLayer(parameters);
    const into = this.outputLayer(gradient);
    const K = logitsGradient.length;
    addScaled(into.bias, 1, logitsGradient, 0);
    return output.map((h, j) => {
      let sum = 0;
      for (let k = 0; k < K; k++) {
        into.weight[j * K + k]! += h * logitsGradient[k]!;
        sum += weight[j * K + k]! * logitsGradient[k]!;
      }
      return sum;
    });
  }

  initialState(): NetworkState {
    const { hidden } = this.architecture;
    return {
      output: new Float64Array(hidden),
      memory: new Float64Array(this.cell.hasMemory ? hidden : 0),
    };
  }

  private outputLayer(vector: Float64Array): { weight: Float64Array; bias: Float64Array } {
    return {
      weight: tensorView(vector, this.layout, outputParameterNames.weight),
      bias: tensorView(vector, this.layout, outputParameterNames.bias),
    };
  }
}

/** What goes from frame to frame. */
export type NetworkState = {
  /** H */
  readonly output: Float64Array;
  /** H, or none */
  readonly memory: Float64Array;
};

/** target += factor · source[from …] */
export function addScaled(
  target: Float64Array,
  factor: number,
  source: Float64Array,
  from: number,
): void {
  for (let index = 0; index < target.length; index++) {
    target[index]! += factor * source[from + index]!;
  }
}
