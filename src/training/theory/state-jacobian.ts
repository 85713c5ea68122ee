import type { Slopes } from './cell.ts';
import type { TheoryNetwork } from './network.ts';

/** A square matrix, n × n; `[i * n + j]`. */
export type SquareMatrix = { readonly n: number; readonly values: Float64Array };

/**
 * How the state of a frame depends on that of the frame before: entry [i, j] is ∂s_j/∂s₋₁_i with s = h, or
 * s = (h, c) for a cell with a memory. Gradients go back through products of these (Pascanu, Mikolov &
 * Bengio 2013, eq. 5).
 */
export function stateJacobian(
  network: TheoryNetwork,
  parameters: Float64Array,
  slopes: Slopes,
): SquareMatrix {
  const { cell, sums: Z } = network;
  const { inputs: I, hidden: H } = network.architecture;
  const n = cell.hasMemory ? 2 * H : H;
  const values = new Float64Array(n * n);
  for (let j = 0; j < H; j++) {
    for (let i = 0; i < H; i++) {
      const byOutput = { output: 0, memory: 0 };
      for (const [gate, reached] of cell.reaches.entries()) {
        const z = gate * H + j;
        byOutput[reached] += parameters[(I + i) * Z + z]! * slopes.bySum[z]!;
      }
      values[i * n + j] = byOutput.output;
      if (!cell.hasMemory) continue;
      values[i * n + j]! += slopes.outputByMemory[j]! * byOutput.memory;
      values[i * n + H + j] = byOutput.memory;
    }
    if (!cell.hasMemory) continue;
    values[(H + j) * n + H + j] = slopes.memoryByMemory[j]!;
    values[(H + j) * n + j] = slopes.outputByMemory[j]! * slopes.memoryByMemory[j]!;
  }
  return { n, values };
}
