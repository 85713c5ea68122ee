import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { FloatType, Graph, Value } from '../../onnx/types.ts';
import {
  type Direction,
  directionsOf,
  layerInputs,
  type NetworkArchitecture,
} from './architecture.ts';
import type { RecurrentLayer } from './cell.ts';
import { cells } from './cells.ts';
import { outputParameterNames, parameterLayout, recurrentParameterNames } from './parameters.ts';

type Tensor = Value<FloatType>;

/** Names of the tensors that pass between caller, forward graph and backward graph. */
export const tensorNames = {
  /** frames × batch × inputs */
  features: 'features',
  /** batch, int64 */
  lengths: 'lengths',
  /** frames × batch × labels */
  logits: 'logits',
  /** Gradient of the loss by the logits, frames × batch × labels, zero on padding. */
  logitsGradient: 'logits.gradient',
  /** 1 × batch × layer inputs: 0 or 1 / (1 − dropout), the same for all frames (Gal & Ghahramani 2016). */
  mask: (layer: number) => `layer${layer}.mask`,
  gradientOf: (parameter: string) => `${parameter}.gradient`,
};

/** A tensor that the forward graph hands to the backward graph, frames × directions × batch × width. */
export type KeptTensor = { readonly name: string; readonly width: number };

/** What the layers leave for back-propagation. */
export function keptTensors(architecture: NetworkArchitecture): readonly KeptTensor[] {
  const widths = [{ name: 'output', width: 1 }, ...cells[architecture.cell].kept];
  return Array.from({ length: architecture.layers }, (_, layer) =>
    widths.map(({ name, width }) => ({
      name: keptName(layer, name),
      width: width * architecture.hidden,
    })),
  ).flat();
}

const keptName = (layer: number, tensor: string) => `layer${layer}.${tensor}`;

/**
 * The forward pass from features to logits that keeps its gates. A layer reads its input times a dropout
 * mask; the backward direction reads each sequence reversed inside its own length, so that padding
 * stands at the end for both directions and needs no mask.
 */
export function forwardGraph(architecture: NetworkArchitecture, element: FloatType): Graph {
  const graph = new GraphBuilder('forward');
  const inputs = declareInputs(graph, architecture, element);
  const cell = cells[architecture.cell];
  let layerInput = inputs.features;
  for (let layer = 0; layer < architecture.layers; layer++) {
    const masked = graph.multiply(layerInput, inputs.masks[layer]!);
    const inputSums = directionsOf(architecture).map((direction) => {
      const names = recurrentParameterNames(layer, direction);
      const x = inDirection(graph, masked, inputs.lengths, direction);
      const products = graph.matmul(x, inputs.parameters.get(names.input)!);
      return graph.add(products, inputs.parameters.get(names.bias)!);
    });
    const recurrentLayer = describeLayer(graph, architecture, inputs, layer, element);
    const result = cell.forward(graph, stack(graph, inputSums), recurrentLayer);
    graph.output(keptName(layer, 'output'), result.output);
    result.kept.forEach((value, index) => {
      graph.output(keptName(layer, cell.kept[index]!.name), value);
    });
    layerInput = joinDirections(graph, architecture, result.output, inputs.lengths);
  }
  const masked = graph.multiply(layerInput, inputs.masks[architecture.layers]!);
  const products = graph.matmul(masked, inputs.parameters.get(outputParameterNames.weight)!);
  const logits = graph.add(products, inputs.parameters.get(outputParameterNames.bias)!);
  graph.output(tensorNames.logits, logits);
  return graph.finish();
}

/**
 * Back-propagation through time (Werbos 1990) from the gradient by the logits to the gradient by every
 * parameter. Gradients of padding are zero because those of the logits there are.
 */
export function backwardGraph(architecture: NetworkArchitecture, element: FloatType): Graph {
  const graph = new GraphBuilder('backward');
  const { layers } = architecture;
  const inputs = declareInputs(graph, architecture, element);
  const directions = directionsOf(architecture);
  const cell = cells[architecture.cell];
  const logitsGradient = graph.input(tensorNames.logitsGradient, element);
  const keptTensorByName = new Map(
    keptTensors(architecture).map(({ name }) => [name, graph.input(name, element)]),
  );
  const kept = (layer: number, name: string) => keptTensorByName.get(keptName(layer, name))!;
  const emitGradient = (parameter: string, gradient: Tensor) =>
    graph.output(tensorNames.gradientOf(parameter), gradient);
  const maskedInput = (layer: number) => {
    const below = () =>
      joinDirections(graph, architecture, kept(layer - 1, 'output'), inputs.lengths);
    return graph.multiply(layer === 0 ? inputs.features : below(), inputs.masks[layer]!);
  };

  emitGradient(
    outputParameterNames.weight,
    weightGradient(graph, maskedInput(layers), logitsGradient),
  );
  emitGradient(outputParameterNames.bias, graph.sum(logitsGradient, [0, 1]));
  const outputWeight = inputs.parameters.get(outputParameterNames.weight)!;
  let layerGradient = graph.matmul(logitsGradient, graph.transpose(outputWeight, [1, 0]));

  for (let layer = layers - 1; layer >= 0; layer--) {
    layerGradient = graph.multiply(layerGradient, inputs.masks[layer + 1]!);
    const forward = {
      output: kept(layer, 'output'),
      kept: cell.kept.map(({ name }) => kept(layer, name)),
    };
    const sumsGradient = cell.backward(
      graph,
      forward,
      splitDirections(graph, architecture, layerGradient, inputs.lengths),
      describeLayer(graph, architecture, inputs, layer, element),
    );
    const outputs = unstack(graph, forward.output, directions.length);
    const sumsGradients = unstack(graph, sumsGradient, directions.length);
    const masked = maskedInput(layer);
    const inputGradients = directions.map((direction, index) => {
      const names = recurrentParameterNames(layer, direction);
      const gradient = sumsGradients[index]!;
      const x = inDirection(graph, masked, inputs.lengths, direction);
      emitGradient(names.input, weightGradient(graph, x, gradient));
      emitGradient(names.recurrent, recurrentGradient(graph, outputs[index]!, gradient));
      emitGradient(names.bias, graph.sum(gradient, [0, 1]));
      const inputWeightT = graph.transpose(inputs.parameters.get(names.input)!, [1, 0]);
      return layer === 0
        ? gradient
        : inDirection(graph, graph.matmul(gradient, inputWeightT), inputs.lengths, direction);
    });
    layerGradient = inputGradients.reduce((sum, next) => graph.add(sum, next));
  }
  return graph.finish();
}

function declareInputs(graph: GraphBuilder, architecture: NetworkArchitecture, element: FloatType) {
  const features: Tensor = graph.input(tensorNames.features, element, [
    'frames',
    'batch',
    architecture.inputs,
  ]);
  const lengths = graph.input(tensorNames.lengths, 'int64', ['batch']);
  const masks: Tensor[] = [];
  for (let layer = 0; layer <= architecture.layers; layer++) {
    const shape = [1, 'batch', layerInputs(architecture, layer)];
    masks.push(graph.input(tensorNames.mask(layer), element, shape));
  }
  const parameters = new Map<string, Tensor>(
    parameterLayout(architecture).tensors.map(({ name, shape }) => [
      name,
      graph.input(name, element, shape),
    ]),
  );
  return { features, lengths, masks, parameters };
}

/** Sequences as the direction reads them; its own inverse. */
function inDirection(
  graph: GraphBuilder,
  sequences: Tensor,
  lengths: Value<'int64'>,
  direction: Direction,
): Tensor {
  return direction === 'forward' ? sequences : graph.reverseSequence(sequences, lengths);
}

/** Weights and initial state of a layer as its cell wants them. */
function describeLayer(
  graph: GraphBuilder,
  architecture: NetworkArchitecture,
  inputs: { lengths: Value<'int64'>; parameters: ReadonlyMap<string, Tensor> },
  layer: number,
  element: FloatType,
): RecurrentLayer {
  const { hidden } = architecture;
  const directions = directionsOf(architecture);
  const weights = directions.map((direction) => {
    const { recurrent } = recurrentParameterNames(layer, direction);
    return graph.unsqueeze(inputs.parameters.get(recurrent)!, [0]);
  });
  const batch = graph.shape(inputs.lengths);
  const stateShape = graph.concat(
    [graph.integers([directions.length]), batch, graph.integers([hidden])],
    0,
  );
  return {
    directions: directions.length,
    hidden,
    recurrent: graph.concat(weights, 0),
    zeroState: graph.expand(graph.constant(element, [1, 1, 1], [0]), stateShape),
  };
}

/** frames × batch × width of each direction → frames × directions × batch × width. */
function stack(graph: GraphBuilder, directions: readonly Tensor[]): Tensor {
  return graph.concat(
    directions.map((direction) => graph.unsqueeze(direction, [1])),
    1,
  );
}

/** The inverse of `stack`. */
function unstack(graph: GraphBuilder, stacked: Tensor, directions: number): Tensor[] {
  const parts = graph.split(stacked, new Array(directions).fill(1), 1);
  return parts.map((part) => graph.squeeze(part, [1]));
}

/** A layer's output as the layer above reads it: frames × batch × (directions·hidden), in time order. */
function joinDirections(
  graph: GraphBuilder,
  architecture: NetworkArchitecture,
  output: Tensor,
  lengths: Value<'int64'>,
): Tensor {
  const directions = directionsOf(architecture);
  const parts = unstack(graph, output, directions.length);
  return graph.concat(
    parts.map((part, index) => inDirection(graph, part, lengths, directions[index]!)),
    2,
  );
}

/** The inverse of `joinDirections`. */
function splitDirections(
  graph: GraphBuilder,
  architecture: NetworkArchitecture,
  joined: Tensor,
  lengths: Value<'int64'>,
): Tensor {
  const directions = directionsOf(architecture);
  const widths = directions.map(() => architecture.hidden);
  const parts = graph.split(joined, widths, 2);
  return stack(
    graph,
    parts.map((part, index) => inDirection(graph, part, lengths, directions[index]!)),
  );
}

/** xᵀ·gradient over all frames and sequences: inputs × outputs. */
function weightGradient(graph: GraphBuilder, x: Tensor, gradient: Tensor): Tensor {
  const flat = (value: Tensor) => graph.flatten(value, 2);
  return graph.gemm(flat(x), flat(gradient), { transposeA: true });
}

/** The same with the output of the frame before as input; the first frame has none. */
function recurrentGradient(graph: GraphBuilder, output: Tensor, sumsGradient: Tensor): Tensor {
  const before = graph.slice(output, 0, 0, -1);
  const after = graph.slice(sumsGradient, 0, 1, Number.MAX_SAFE_INTEGER);
  return weightGradient(graph, before, after);
}
