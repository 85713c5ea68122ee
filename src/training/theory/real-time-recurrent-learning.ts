import { emptySlopes, type Slopes } from './cell.ts';
import type { GradientLearner } from './learner.ts';
import { addScaled, type NetworkState, type TheoryNetwork } from './network.ts';

/**
 * Real-time recurrent learning (Williams & Zipser 1989, eqs. 8–11), exact, for any cell. Instead of the past
 * it keeps how the state depends on every parameter of the recurrent layer, ∂h/∂V and ∂c/∂V, so that the
 * gradient of each frame's loss is there with that frame:
 *
 *     ∂z/∂V = Rᵀ ∂h₋₁/∂V + u ⊗ 1      ∂c/∂V = ∂c/∂c₋₁ ∂c₋₁/∂V + ∂c/∂z ∂z/∂V
 *     ∂h/∂V = ∂h/∂c ∂c/∂V + ∂h/∂z ∂z/∂V      ∂L/∂V += ∂L/∂h ∂h/∂V
 *
 * Legend: I inputs, H hidden units, G gates, P = (I + H + 1)·G·H parameters; z = (g, j) a gate of a unit.
 * The numbers kept are 2·H·P (3·H·P with a memory), however long the sequence; the product takes G·H²·P
 * multiplications a frame, of the order H⁴.
 */
export class RealTimeRecurrentLearning implements GradientLearner {
  readonly gradient: Float64Array;
  private readonly network: TheoryNetwork;
  private readonly state: NetworkState;
  private readonly slopes: Slopes;
  /** u = (x, h₋₁, 1), I + H + 1 */
  private readonly layerInput: Float64Array;
  /** H × P each; `[j * P + p]`: ∂h_j/∂V_p, of this frame and the one before by turns */
  private outputInfluence: Float64Array;
  private nextOutputInfluence: Float64Array;
  /** H × P, ∂c_j/∂V_p; empty without a memory */
  private readonly memoryInfluence: Float64Array;

  constructor(network: TheoryNetwork) {
    const { inputs, hidden } = network.architecture;
    const size = hidden * network.recurrentParameters;
    this.network = network;
    this.gradient = new Float64Array(network.layout.size);
    this.state = network.initialState();
    this.slopes = emptySlopes(network.cell, hidden);
    this.layerInput = new Float64Array(inputs + hidden + 1);
    this.outputInfluence = new Float64Array(size);
    this.nextOutputInfluence = new Float64Array(size);
    this.memoryInfluence = new Float64Array(network.cell.hasMemory ? size : 0);
  }

  get numbersKept(): number {
    const { state, outputInfluence, nextOutputInfluence, memoryInfluence } = this;
    return (
      state.output.length +
      state.memory.length +
      outputInfluence.length +
      nextOutputInfluence.length +
      memoryInfluence.length
    );
  }

  forward(parameters: Float64Array, features: Float64Array, from: number): Float64Array {
    const { network, state, layerInput, slopes } = this;
    const { inputs } = network.architecture;
    layerInput.fill(1);
    layerInput.set(features.subarray(from, from + inputs));
    layerInput.set(state.output, inputs);
    network.step(parameters, features, from, state, slopes);
    this.carryInfluence(parameters);
    return network.logits(parameters, state.output);
  }

  backward(parameters: Float64Array, logitsGradient: Float64Array): void {
    const { network, state, gradient, outputInfluence } = this;
    const P = network.recurrentParameters;
    const byOutput = network.logitsBackward(parameters, state.output, logitsGradient, gradient);
    const recurrent = gradient.subarray(0, P);
    for (let j = 0; j < byOutput.length; j++) {
      addScaled(recurrent, byOutput[j]!, outputInfluence, j * P);
    }
  }

  /** Forgets the sequence: nothing is outstanding. */
  finish(): void {
    const { state, outputInfluence, memoryInfluence } = this;
    for (const values of [state.output, state.memory, outputInfluence, memoryInfluence]) {
      values.fill(0);
    }
  }

  /** From the influence on the frame before to that on this one. */
  private carryInfluence(parameters: Float64Array): void {
    const { network, slopes, layerInput, outputInfluence, nextOutputInfluence } = this;
    const { cell, sums: Z, recurrentParameters: P } = network;
    const { inputs: I, hidden: H } = network.architecture;
    const bySumInfluence = new Float64Array(P); // ∂z/∂V of one z
    for (let j = 0; j < H; j++) {
      const byOutput = nextOutputInfluence.subarray(j * P, (j + 1) * P);
      const byMemory = this.memoryInfluence.subarray(j * P, (j + 1) * P);
      byOutput.fill(0);
      if (cell.hasMemory) scale(byMemory, slopes.memoryByMemory[j]!);
      for (const [gate, reached] of cell.reaches.entries()) {
        const z = gate * H + j;
        bySumInfluence.fill(0);
        for (let i = 0; i < H; i++) {
          addScaled(bySumInfluence, parameters[(I + i) * Z + z]!, outputInfluence, i * P);
        }
        for (let r = 0; r < layerInput.length; r++) bySumInfluence[r * Z + z]! += layerInput[r]!;
        const target = reached === 'memory' ? byMemory : byOutput;
        addScaled(target, slopes.bySum[z]!, bySumInfluence, 0);
      }
      if (cell.hasMemory) addScaled(byOutput, slopes.outputByMemory[j]!, byMemory, 0);
    }
    this.outputInfluence = nextOutputInfluence;
    this.nextOutputInfluence = outputInfluence;
  }
}

function scale(values: Float64Array, factor: number): void {
  for (let index = 0; index < values.length; index++) values[index]! *= factor;
}
