import type { NetworkArchitecture } from '../network/architecture.ts';

/**
 * What a recurrent cell is to everything that computes its gradients: a function of each unit's sums z and
 * memory c alone, and the slopes of that function. Back-propagation and real-time recurrent learning read
 * nothing but the slopes, so that both work for any cell.
 *
 * Legend: H hidden units, G gates, j a unit, g a gate; z_g sums going into gate g, c memory, h output; ₋₁ the
 * frame before.
 *
 *     c = c(z, c₋₁)      h = h(z, c)
 */
export type TheoryCell = {
  readonly gates: number;
  /** Whether a memory c goes from frame to frame beside the output. */
  readonly hasMemory: boolean;
  /** For each gate what its sums act on directly: the memory (and the output through it), or the output. */
  readonly reaches: readonly ('memory' | 'output')[];
  /**
   * @param sums G·H; `[g * H + j]`
   * @param memory H, changed in place from the frame before to this one; not read without a memory
   * @param output H, written
   */
  step(sums: Float64Array, memory: Float64Array, output: Float64Array, slopes: Slopes): void;
};

/** Slopes of one frame, unit by unit: no unit's function depends on another unit but through the sums. */
export type Slopes = {
  /** G·H; `[g * H + j]`: ∂c_j/∂z_gj or ∂h_j/∂z_gj, whichever the gate reaches */
  readonly bySum: Float64Array;
  /** H, ∂h_j/∂c_j; empty without a memory */
  readonly outputByMemory: Float64Array;
  /** H, ∂c_j/∂c₋₁_j; empty without a memory */
  readonly memoryByMemory: Float64Array;
};

export function emptySlopes(cell: TheoryCell, hidden: number): Slopes {
  const memory = cell.hasMemory ? hidden : 0;
  return {
    bySum: new Float64Array(cell.gates * hidden),
    outputByMemory: new Float64Array(memory),
    memoryByMemory: new Float64Array(memory),
  };
}

/** Elman's network (Elman 1990) with tanh: h = tanh z, ∂h/∂z = 1 − h². */
const elman: TheoryCell = {
  gates: 1,
  hasMemory: false,
  reaches: ['output'],
  step(sums, _memory, output, { bySum }) {
    for (let j = 0; j < output.length; j++) {
      const h = Math.tanh(sums[j]!);
      output[j] = h;
      bySum[j] = 1 - h * h;
    }
  },
};

/**
 * LSTM without peepholes (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000), gates i, o, f, c as
 * in `../network/lstm-cell.ts`:
 *
 *     (i, o, f) = σ(z)   g = tanh z_c   c = f c₋₁ + i g   h = o tanh c
 *     ∂c/∂z_i = g i(1 − i)   ∂h/∂z_o = tanh c · o(1 − o)   ∂c/∂z_f = c₋₁ f(1 − f)   ∂c/∂z_c = i(1 − g²)
 *     ∂c/∂c₋₁ = f            ∂h/∂c = o(1 − tanh² c)
 */
const lstm: TheoryCell = {
  gates: 4,
  hasMemory: true,
  reaches: ['memory', 'output', 'memory', 'memory'],
  step(sums, memory, output, { bySum, outputByMemory, memoryByMemory }) {
    const H = output.length;
    for (let j = 0; j < H; j++) {
      const i = sigmoid(sums[j]!);
      const o = sigmoid(sums[H + j]!);
      const f = sigmoid(sums[2 * H + j]!);
      const g = Math.tanh(sums[3 * H + j]!);
      const before = memory[j]!;
      const c = f * before + i * g;
      const tanhC = Math.tanh(c);
      memory[j] = c;
      output[j] = o * tanhC;
      bySum[j] = g * i * (1 - i);
      bySum[H + j] = tanhC * o * (1 - o);
      bySum[2 * H + j] = before * f * (1 - f);
      bySum[3 * H + j] = i * (1 - g * g);
      outputByMemory[j] = o * (1 - tanhC * tanhC);
      memoryByMemory[j] = f;
    }
  },
};

export const theoryCells: Readonly<Record<NetworkArchitecture['cell'], TheoryCell>> = {
  rnn: elman,
  lstm,
};

function sigmoid(sum: number): number {
  return 1 / (1 + Math.exp(-sum));
}
