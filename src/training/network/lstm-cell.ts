import { type Cell, complement, delayByOneFrame, slices } from './cell.ts';

/**
 * LSTM without peepholes (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000), gates in ONNX's
 * order i, o, f, c.
 *
 * Legend: i, o, f input, output and forget gate; g cell input; c cell; h output; R recurrent weights;
 * ∂ gradient of the loss; ₋₁ and ₊₁ the frame before and after.
 *
 *     (i, o, f) = σ(sums)   g = tanh(sums)   c = f ⊙ c₋₁ + i ⊙ g   h = o ⊙ tanh c
 */
export const lstmCell: Cell = {
  gates: 4,
  kept: [
    { name: 'gates', width: 3 },
    { name: 'cellInput', width: 1 },
    { name: 'cell', width: 1 },
  ],

  forward(graph, inputSums, layer) {
    const { hidden, recurrent, zeroState } = layer;
    const { outputs } = graph.scan(
      { states: slices(layer, 1, zeroState, zeroState), sequences: slices(layer, 4, inputSums) },
      (step, [previousH, previousC], [inputSum]) => {
        const sums = step.add(inputSum!, step.matmul(previousH!, recurrent));
        const [gateSums, cellSums] = step.split(sums, [3 * hidden, hidden], 2);
        const gates = step.sigmoid(gateSums!);
        const g = step.tanh(cellSums!);
        const [i, o, f] = step.split(gates, [hidden, hidden, hidden], 2);
        const c = step.add(step.multiply(f!, previousC!), step.multiply(i!, g));
        const h = step.multiply(o!, step.tanh(c));
        return { states: [h, c], outputs: [h, gates, g, c] };
      },
    );
    const [output, ...kept] = outputs;
    return { output: output!, kept };
  },

  /**
   * What does not depend on gradients from later frames is computed for all frames at once, so that the
   * loop is one small product and six element-wise operators a frame:
   *
   *     ∂h = ∂y + ∂sums₊₁ Rᵀ      ∂c = ∂h ⊙ o(1 − tanh² c) + f₊₁ ⊙ ∂c₊₁
   *     ∂sums = (∂c, ∂h, ∂c, ∂c) ⊙ (g·i(1 − i), tanh c·o(1 − o), c₋₁·f(1 − f), i(1 − g²))
   */
  backward(graph, { kept }, outputGradient, layer) {
    const { hidden, recurrent, zeroState } = layer;
    const [gates, g, c] = kept;
    const [i, o, f] = graph.split(gates!, [hidden, hidden, hidden], 3);
    const slopes = graph.multiply(gates!, complement(graph, gates!));
    const [iSlope, oSlope, fSlope] = graph.split(slopes, [hidden, hidden, hidden], 3);
    const tanhC = graph.tanh(c!);
    const previousC = delayByOneFrame(graph, c!, zeroState);
    const factors = graph.concat(
      [
        graph.multiply(g!, iSlope!),
        graph.multiply(tanhC, oSlope!),
        graph.multiply(previousC, fSlope!),
        graph.multiply(i!, complement(graph, graph.multiply(g!, g!))),
      ],
      3,
    );
    const hToC = graph.multiply(o!, complement(graph, graph.multiply(tanhC, tanhC)));
    const recurrentT = graph.transpose(recurrent, [0, 2, 1]);
    const { outputs } = graph.scan(
      {
        states: slices(layer, 1, zeroState, zeroState),
        sequences: [...slices(layer, 1, outputGradient, hToC, f!), ...slices(layer, 4, factors)],
        reverse: true,
      },
      (step, [laterH, laterC], [ownH, hToCSlice, fSlice, factorSlice]) => {
        const dH = step.add(ownH!, laterH!);
        const dC = step.add(step.multiply(dH, hToCSlice!), laterC!);
        const dSums = step.multiply(step.concat([dC, dH, dC, dC], 2), factorSlice!);
        return {
          states: [step.matmul(dSums, recurrentT), step.multiply(dC, fSlice!)],
          outputs: [dSums],
        };
      },
    );
    return outputs[0]!;
  },
};
