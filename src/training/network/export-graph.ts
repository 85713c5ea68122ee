import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Graph, Value } from '../../onnx/types.ts';
import { directionsOf, layerInputs, type NetworkArchitecture } from './architecture.ts';
import { cells } from './cells.ts';
import {
  outputParameterNames,
  parameterLayout,
  recurrentParameterNames,
  tensorView,
} from './parameters.ts';

/**
 * The network as it is served: `features` batch × frames × inputs and `lengths` batch →
 * `log_probs` batch × frames × labels, on ONNX's fused recurrent operators with the weights inside.
 * What stands behind a sequence's length is padding and means nothing.
 *
 * @param logPriors labels; where given, `log_probs` is ln p(label | frames) less them: up to a constant of the
 *   frame, ln p(frames | label), as an HMM's states are scored (Bourlard & Morgan 1994)
 */
export function exportGraph(
  architecture: NetworkArchitecture,
  parameters: Float32Array,
  logPriors?: Float64Array,
): Graph {
  const graph = new GraphBuilder('ctc');
  const { hidden, labels } = architecture;
  const directions = directionsOf(architecture);
  const layout = parameterLayout(architecture);
  const shape = ['batch', 'frames', architecture.inputs] as const;
  const features = graph.input('features', 'float32', shape);
  const lengths = graph.castToInt32(graph.input('lengths', 'int64', ['batch']));

  let layerInput: Value<'float32'> = graph.transpose(features, [1, 0, 2]);
  for (let layer = 0; layer < architecture.layers; layer++) {
    const rows = cells[architecture.cell].gates * hidden;
    const names = directions.map((direction) => recurrentParameterNames(layer, direction));
    const stackedTransposes = (kind: 'input' | 'recurrent', columns: number) => {
      const parts = names.map((name) =>
        transposed(tensorView(parameters, layout, name[kind]), columns, rows),
      );
      const sizes = [directions.length, rows, columns];
      return graph.initializer(`layer${layer}.${kind}`, 'float32', sizes, concatenated(parts));
    };
    // ONNX adds two biases, one for the inputs and one for the recurrence; the second is zero here.
    const biases = names.flatMap((name) => [
      tensorView(parameters, layout, name.bias),
      new Float32Array(rows),
    ]);
    const weights = {
      input: stackedTransposes('input', layerInputs(architecture, layer)),
      recurrent: stackedTransposes('recurrent', hidden),
      bias: graph.initializer(
        `layer${layer}.bias`,
        'float32',
        [directions.length, 2 * rows],
        concatenated(biases),
      ),
    };
    const output = graph.recurrent(architecture.cell, layerInput, weights, lengths, {
      hidden,
      bidirectional: architecture.bidirectional,
    });
    // frames × directions × batch × hidden → frames × batch × (directions·hidden)
    layerInput = graph.reshape(graph.transpose(output, [0, 2, 1, 3]), [0, 0, -1]);
  }
  const initializer = (name: string, sizes: readonly number[]) =>
    graph.initializer(name, 'float32', sizes, tensorView(parameters, layout, name));
  const products = graph.matmul(
    layerInput,
    initializer(outputParameterNames.weight, [hidden * directions.length, labels]),
  );
  const logits = graph.add(products, initializer(outputParameterNames.bias, [labels]));
  const logPosteriors = graph.logSoftmax(graph.transpose(logits, [1, 0, 2]), 2);
  const logProbs =
    logPriors === undefined
      ? logPosteriors
      : graph.subtract(
          logPosteriors,
          graph.initializer('log_priors', 'float32', [labels], Float32Array.from(logPriors)),
        );
  graph.output('log_probs', logProbs, ['batch', 'frames', labels]);
  return graph.finish();
}

/** rows × columns → columns × rows, both row-major. */
function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = matrix[row * columns + column]!;
    }
  }
  return result;
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}
