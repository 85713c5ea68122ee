import { type Cell, complement, slices } from './cell.ts';

/**
 * Elman's simple recurrent network (Elman 1990) with tanh.
 *
 * Legend: h output; R recurrent weights; ∂ gradient of the loss; ₋₁ and ₊₁ the frame before and after.
 *
 *     h = tanh(inputSums + h₋₁ R)      ∂sums = (∂y + ∂sums₊₁ Rᵀ) ⊙ (1 − h²)
 */
export const rnnCell: Cell = {
  gates: 1,
  kept: [],

  forward(graph, inputSums, layer) {
    const { recurrent, zeroState } = layer;
    const { outputs } = graph.scan(
      { states: slices(layer, 1, zeroState), sequences: slices(layer, 1, inputSums) },
      (step, [previousH], [inputSum]) => {
        const h = step.tanh(step.add(inputSum!, step.matmul(previousH!, recurrent)));
        return { states: [h], outputs: [h] };
      },
    );
    return { output: outputs[0]!, kept: [] };
  },

  backward(graph, { output }, outputGradient, layer) {
    const { recurrent, zeroState } = layer;
    const slopes = complement(graph, graph.multiply(output, output));
    const recurrentT = graph.transpose(recurrent, [0, 2, 1]);
    const { outputs } = graph.scan(
      {
        states: slices(layer, 1, zeroState),
        sequences: slices(layer, 1, outputGradient, slopes),
        reverse: true,
      },
      (step, [laterH], [ownH, slope]) => {
        const dSums = step.multiply(step.add(ownH!, laterH!), slope!);
        return { states: [step.matmul(dSums, recurrentT)], outputs: [dSums] };
      },
    );
    return outputs[0]!;
  },
};
