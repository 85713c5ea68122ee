import type { Random } from '../../src/math/random.ts';
import { initialParameters } from '../../src/training/network/parameters.ts';
import { BackPropagation } from '../../src/training/theory/back-propagation.ts';
import { emptySlopes } from '../../src/training/theory/cell.ts';
import { crossEntropy } from '../../src/training/theory/learner.ts';
import { addScaled, TheoryNetwork } from '../../src/training/theory/network.ts';

export type Direction = 'forward' | 'backward';

/** One LSTM that reads one way, with its part of the layer above. */
type Half = {
  readonly direction: Direction;
  readonly network: TheoryNetwork;
  readonly parameters: Float64Array;
  readonly learner: BackPropagation;
};

/** What a network makes of a sequence. */
export type Outlook = {
  /** For each frame the probability of label 1 of the labels 0 and 1. */
  readonly probabilities: readonly number[];
  /** For each direction, as the network has them, the output of its units in each frame. */
  readonly states: readonly (readonly Float64Array[])[];
};

/**
 * LSTMs that each read a sequence of numbers one way, under one linear layer to two labels (Schuster &
 * Paliwal 1997, figure 3). The logits of that layer are the sum of what each direction adds to them, and
 * nothing else joins the directions.
 */
export class DirectedNetwork {
  private readonly halves: readonly Half[];

  /** @param hidden units of each direction */
  constructor(directions: readonly Direction[], hidden: number, random: Random) {
    const shape = { cell: 'lstm', bidirectional: false, layers: 1, inputs: 1, labels: 2 } as const;
    this.halves = directions.map((direction) => {
      const network = new TheoryNetwork({ ...shape, hidden });
      const parameters = Float64Array.from(initialParameters(network.architecture, random));
      return { direction, network, parameters, learner: new BackPropagation(network) };
    });
  }

  /** For each direction all its weights, in the order of `src/training/network/parameters.ts`. */
  get parameters(): readonly Float64Array[] {
    return this.halves.map(({ parameters }) => parameters);
  }

  /** @param inputs one number a frame */
  read(inputs: Float64Array): Outlook {
    const states = this.halves.map((half) => statesOf(half, inputs));
    const probabilities = this.logitsOf(states, inputs.length).map(
      ([no, yes]) => 1 / (1 + Math.exp(no! - yes!)),
    );
    return { probabilities, states };
  }

  /**
   * One step of gradient descent on one sequence.
   *
   * @param labels frames
   * @returns the loss: the sum of the cross-entropies of all frames, in nats
   */
  learn(inputs: Float64Array, labels: Int32Array, rate: number): number {
    const states = this.halves.map((half) => statesOf(half, inputs));
    const losses = this.logitsOf(states, inputs.length).map((logits, t) =>
      crossEntropy(logits, labels[t]!),
    );
    for (const { direction, parameters, learner } of this.halves) {
      for (const t of framesInOrder(direction, inputs.length)) {
        learner.forward(parameters, inputs, t);
        learner.backward(parameters, losses[t]!.gradient);
      }
      learner.finish(parameters);
      addScaled(parameters, -rate, learner.gradient, 0);
      learner.gradient.fill(0);
    }
    return losses.reduce((sum, { nats }) => sum + nats, 0);
  }

  /** frames × 2 */
  private logitsOf(states: readonly (readonly Float64Array[])[], frames: number): Float64Array[] {
    return Array.from({ length: frames }, (_, t) => {
      const sum = new Float64Array(2);
      for (const [index, { network, parameters }] of this.halves.entries())
        addScaled(sum, 1, network.logits(parameters, states[index]![t]!), 0);
      return sum;
    });
  }
}

function framesInOrder(direction: Direction, frames: number): number[] {
  const order = Array.from({ length: frames }, (_, t) => t);
  return direction === 'forward' ? order : order.reverse();
}

/** frames × hidden: what one direction knows in each frame. */
function statesOf({ direction, network, parameters }: Half, inputs: Float64Array): Float64Array[] {
  const state = network.initialState();
  const slopes = emptySlopes(network.cell, network.architecture.hidden);
  const states: Float64Array[] = [];
  for (const t of framesInOrder(direction, inputs.length)) {
    network.step(parameters, inputs, t, state, slopes);
    states[t] = state.output.slice();
  }
  return states;
}
