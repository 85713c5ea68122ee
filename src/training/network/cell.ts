import type { GraphBuilder, Shaped } from '../../onnx/graph-builder.ts';
import type { FloatType, Value } from '../../onnx/types.ts';

type Tensor = Value<FloatType>;

/**
 * A recurrent cell as ONNX graph pieces for one layer: the forward pass that keeps what
 * back-propagation through time needs, and that back-propagation. All directions of the layer run in
 * one loop. Legend: N batch, D directions, H hidden units, G gates; sequences are frames × D × N × width,
 * as in the output of ONNX's own recurrent operators.
 */
export type Cell = {
  readonly gates: number;
  /** What `forward` keeps besides its output, each frames × D × N × (`width`·H). */
  readonly kept: readonly { readonly name: string; readonly width: number }[];
  /** From the products of the inputs with their weights, bias added. */
  forward(
    graph: GraphBuilder,
    inputSums: Tensor /* frames × D × N × G·H */,
    layer: RecurrentLayer,
  ): ForwardResult;
  /** The gradient by the sums going into the gates, frames × D × N × G·H. */
  backward(
    graph: GraphBuilder,
    forward: ForwardResult,
    outputGradient: Tensor /* frames × D × N × H */,
    layer: RecurrentLayer,
  ): Tensor;
};

export type RecurrentLayer = {
  readonly directions: number;
  readonly hidden: number;
  /** D × H × G·H */
  readonly recurrent: Tensor;
  /** D × N × H zeros */
  readonly zeroState: Tensor;
};

export type ForwardResult = {
  /** frames × D × N × H */
  readonly output: Tensor;
  readonly kept: readonly Tensor[];
};

/** The sequence one frame later: zeros first, the last frame gone. */
export function delayByOneFrame(graph: GraphBuilder, sequence: Tensor, zeroState: Tensor): Tensor {
  const withZero = graph.concat([graph.unsqueeze(zeroState, [0]), sequence], 0);
  return graph.slice(withZero, 0, 0, -1);
}

/** 1 − value, element by element. */
export function complement(graph: GraphBuilder, value: Tensor): Tensor {
  return graph.subtract(graph.constant(value.element, [1], [1]), value);
}

/** States, or sequences whose slices are, directions × batch × (`width`·hidden). */
export function slices(
  layer: RecurrentLayer,
  width: number,
  ...values: readonly Tensor[]
): Shaped<FloatType>[] {
  const shape = [layer.directions, 'batch', width * layer.hidden];
  return values.map((value) => ({ value, shape }));
}
