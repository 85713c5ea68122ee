import { emptySlopes, type Slopes } from './cell.ts';
import type { GradientLearner } from './learner.ts';
import { addScaled, type TheoryNetwork } from './network.ts';

/** What back-propagation needs of a frame long after. */
type Frame = {
  /** u = (x, h₋₁, 1), I + H + 1 */
  readonly layerInput: Float64Array;
  readonly slopes: Slopes;
  /** H, of the frame's own loss */
  readonly outputGradient: Float64Array;
};

export type BackPropagationOptions = {
  /** How many frames a gradient goes back, its own included; `Infinity` (the default) for all. */
  readonly depth?: number;
  /** After how many frames it is sent back, at most `depth`; `Infinity` (the default) at the end. */
  readonly interval?: number;
  /** Called in each sweep with the gradient by the state `stepsBack` frames before the newest one. */
  readonly onState?: (
    stepsBack: number,
    byOutput: Float64Array,
    byMemory: Float64Array | undefined,
  ) => void;
};

/**
 * Back-propagation through time (Werbos 1990), full or truncated: BPTT(h; h′) of Williams & Peng (1990), which
 * every h′ = `interval` frames sends the errors of these back through the last h = `depth` frames, so that
 * each error reaches between h − h′ and h − 1 frames back.
 *
 * ₊₁ the frame after; ∂ the gradient of the losses by; ∂y that of the frame's own loss by its output:
 *
 *     ∂h = ∂y + R ∂z₊₁      ∂c = ∂h ∂h/∂c + ∂c₊₁ ∂c₊₁/∂c
 *     ∂z = ∂h ∂h/∂z, or ∂c ∂c/∂z where the gate reaches the memory      ∂V = Σ uᵀ ∂z
 */
export class BackPropagation implements GradientLearner {
  readonly gradient: Float64Array;
  private readonly network: TheoryNetwork;
  private readonly depth: number;
  private readonly interval: number;
  private readonly onState: BackPropagationOptions['onState'];
  private state;
  private frames: Frame[] = [];
  /** Frames whose loss has not been sent back yet: the last so many. */
  private outstanding = 0;

  /** Throws `RangeError` unless 1 ≤ interval ≤ depth. */
  constructor(network: TheoryNetwork, options: BackPropagationOptions = {}) {
    const { depth = Number.POSITIVE_INFINITY, interval = depth } = options;
    if (!(interval >= 1 && interval <= depth)) {
      throw new RangeError(
        `[BackPropagation] expected an interval from 1 to the depth ${depth}, got ${interval}`,
      );
    }
    this.network = network;
    this.depth = depth;
    this.interval = interval;
    this.onState = options.onState;
    this.gradient = new Float64Array(network.layout.size);
    this.state = network.initialState();
  }

  get numbersKept(): number {
    const perFrame = ({ layerInput, slopes, outputGradient }: Frame) =>
      layerInput.length +
      outputGradient.length +
      slopes.bySum.length +
      slopes.outputByMemory.length +
      slopes.memoryByMemory.length;
    const { output, memory } = this.state;
    return this.frames.reduce((sum, frame) => sum + perFrame(frame), output.length + memory.length);
  }

  forward(parameters: Float64Array, features: Float64Array, from: number): Float64Array {
    const { network, state, frames } = this;
    const { inputs, hidden } = network.architecture;
    if (frames.length === this.depth) frames.shift();
    const layerInput = new Float64Array(inputs + hidden + 1).fill(1);
    layerInput.set(features.subarray(from, from + inputs));
    layerInput.set(state.output, inputs);
    const slopes = emptySlopes(network.cell, hidden);
    network.step(parameters, features, from, state, slopes);
    frames.push({ layerInput, slopes, outputGradient: new Float64Array(hidden) });
    return network.logits(parameters, state.output);
  }

  backward(parameters: Float64Array, logitsGradient: Float64Array): void {
    const { network, state, gradient } = this;
    const newest = this.frames.at(-1)!;
    newest.outputGradient.set(
      network.logitsBackward(parameters, state.output, logitsGradient, gradient),
    );
    this.outstanding++;
    if (this.outstanding >= this.interval) this.sendBack(parameters);
  }

  /** Sends back what is outstanding and forgets the sequence. */
  finish(parameters: Float64Array): void {
    this.sendBack(parameters);
    this.frames = [];
    this.state = this.network.initialState();
  }

  private sendBack(parameters: Float64Array): void {
    if (this.outstanding === 0) return;
    const { network, frames, gradient, outstanding } = this;
    const { cell, sums: Z } = network;
    const { inputs: I, hidden: H } = network.architecture;
    const weights = parameters.subarray(I * Z, (I + H) * Z); // R, H × Z
    const laterSums = new Float64Array(Z);
    const fromLaterMemory = new Float64Array(cell.hasMemory ? H : 0);
    for (let stepsBack = 0; stepsBack < frames.length; stepsBack++) {
      const { layerInput, slopes, outputGradient } = frames[frames.length - 1 - stepsBack]!;
      const byOutput = new Float64Array(H);
      if (stepsBack < outstanding) byOutput.set(outputGradient);
      if (stepsBack > 0) addProduct(byOutput, weights, laterSums);
      const byMemory = cell.hasMemory
        ? byOutput.map((dh, j) => dh * slopes.outputByMemory[j]! + fromLaterMemory[j]!)
        : undefined;
      this.onState?.(stepsBack, byOutput, byMemory);
      for (let z = 0; z < Z; z++) {
        const reached = cell.reaches[Math.floor(z / H)] === 'memory' ? byMemory! : byOutput;
        laterSums[z] = reached[z % H]! * slopes.bySum[z]!;
      }
      byMemory?.forEach((dc, j) => {
        fromLaterMemory[j] = dc * slopes.memoryByMemory[j]!;
      });
      for (let r = 0; r < layerInput.length; r++) {
        addScaled(gradient.subarray(r * Z, (r + 1) * Z), layerInput[r]!, laterSums, 0);
      }
    }
    this.outstanding = 0;
  }
}

/** target[i] += Σ_z matrix[i, z] vector[z] */
function addProduct(target: Float64Array, matrix: Float64Array, vector: Float64Array): void {
  const columns = vector.length;
  for (let i = 0; i < target.length; i++) {
    let sum = 0;
    for (let z = 0; z < columns; z++) sum += matrix[i * columns + z]! * vector[z]!;
    target[i]! += sum;
  }
}
