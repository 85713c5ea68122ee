import { emptySlopes } from '../../src/training/theory/cell.ts';
import { crossEntropy, type LabelledSequence } from '../../src/training/theory/learner.ts';
import type { NetworkState, TheoryNetwork } from '../../src/training/theory/network.ts';

/**
 * Truncated back-propagation by what it means: at the end of every `interval` frames (and of the sequence)
 * the losses of these frames as a function of the weights in the last `depth` frames, the state before them
 * being a constant; differentiated by central differences.
 */
export function truncatedGradient(
  network: TheoryNetwork,
  parameters: Float64Array,
  sequence: LabelledSequence,
  depth: number,
  interval: number,
): Float64Array {
  const { inputs, hidden } = network.architecture;
  const advance = (point: Float64Array, state: NetworkState, t: number): number => {
    const slopes = emptySlopes(network.cell, hidden);
    network.step(point, sequence.features, t * inputs, state, slopes);
    return crossEntropy(network.logits(point, state.output), sequence.targets[t]!).nats;
  };
  const stateBefore = (frame: number): NetworkState => {
    const state = network.initialState();
    for (let t = 0; t < frame; t++) advance(parameters, state, t);
    return state;
  };
  const gradient = new Float64Array(parameters.length);
  for (let first = 0; first < sequence.frames; first += interval) {
    const end = Math.min(first + interval, sequence.frames);
    const start = Math.max(0, end - depth);
    const held = stateBefore(start);
    const lossOf = (point: Float64Array): number => {
      const state = { output: held.output.slice(), memory: held.memory.slice() };
      let loss = 0;
      for (let t = start; t < end; t++) {
        const nats = advance(point, state, t);
        if (t >= first) loss += nats;
      }
      return loss;
    };
    const step = 1e-5;
    for (let p = 0; p < parameters.length; p++) {
      const moved = parameters.slice();
      moved[p] = parameters[p]! + step;
      const above = lossOf(moved);
      moved[p] = parameters[p]! - step;
      gradient[p]! += (above - lossOf(moved)) / (2 * step);
    }
  }
  return gradient;
}
