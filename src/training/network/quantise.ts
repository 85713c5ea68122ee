import type { Graph, Initializer, Node } from '../../onnx/types.ts';

/**
 * Bits of a weight. ONNX Runtime multiplies by 8-bit inputs and adds two products at a time in 16 bits, where a
 * processor has no VNNI (AVX2, say): of 8-bit weights these sums saturate, of 7-bit weights they do not.
 */
const usualBits = 7;

/**
 * The graph with the weights of its LSTMs as integers, for ONNX Runtime's `DynamicQuantizeLSTM` (its
 * ContribOperators.md): each row of a matrix, one gate of one unit, by a symmetric scale of its own. Inputs and
 * states are rounded to 8 bits while it runs, by the range that they have in the run: so what a sequence gets
 * depends on what it shares a run with, and `AcousticModel.tryBatch` finds that it must have one of its own.
 */
export function quantised(graph: Graph, bits: 7 | 8 = usualBits): Graph {
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const integersOf = (name: string): string[] => {
    const parts = quantisedWeights(initializers.get(name)!, bits);
    initializers.delete(name);
    for (const part of parts) initializers.set(part.name, part);
    return parts.map((part) => part.name);
  };
  const nodes = graph.nodes.map((node): Node => {
    if (node.operator !== 'LSTM') return node;
    const [x, input, recurrent, bias, lengths] = node.inputs as [
      string,
      string,
      string,
      string,
      string,
    ];
    const [weights, ...inputScale] = integersOf(input);
    const [recurrentWeights, ...recurrentScale] = integersOf(recurrent);
    const noStates = ['', '', '']; // neither initial ones nor peepholes
    const inputs = [x, weights!, recurrentWeights!, bias, lengths, ...noStates];
    return {
      ...node,
      operator: 'DynamicQuantizeLSTM',
      domain: 'com.microsoft',
      inputs: [...inputs, ...inputScale, ...recurrentScale],
    };
  });
  return { ...graph, nodes, initializers: [...initializers.values()] };
}

/** Whether these are the tensors of a graph that `quantised` made. */
export function isQuantised(tensors: ReadonlyMap<string, unknown>): boolean {
  return tensors.has('layer0.input.scale');
}

/** directions × rows × columns → integers directions × columns × rows, a scale a row, and where 0 lies: at 0. */
function quantisedWeights({ name, shape, values }: Initializer, bits: number): Initializer[] {
  const [directions, rows, columns] = shape as [number, number, number];
  const weights = values as Float32Array; // [(d * rows + row) * columns + column]
  const integers = new Int8Array(weights.length); // [(d * columns + column) * rows + row]
  const scales = new Float32Array(directions * rows); // [d * rows + row]
  const largest = 2 ** (bits - 1) - 1;
  for (let each = 0; each < scales.length; each++) {
    const own = weights.subarray(each * columns, (each + 1) * columns);
    const scale = own.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / largest;
    scales[each] = scale;
    const [d, row] = [Math.floor(each / rows), each % rows];
    for (const [column, weight] of own.entries())
      integers[(d * columns + column) * rows + row] = scale === 0 ? 0 : Math.round(weight / scale);
  }
  const scaleShape = [directions, rows];
  const zeros = new Int8Array(scales.length);
  return [
    {
      name: `${name}.integers`,
      element: 'int8',
      shape: [directions, columns, rows],
      values: integers,
    },
    { name: `${name}.scale`, element: 'float32', shape: scaleShape, values: scales },
    { name: `${name}.zero`, element: 'int8', shape: scaleShape, values: zeros },
  ];
}
