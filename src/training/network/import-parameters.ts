import { readInitializers } from '../../onnx/read-initializers.ts';
import { directionsOf, layerInputs, type NetworkArchitecture } from './architecture.ts';
import { cells } from './cells.ts';
import {
  outputParameterNames,
  parameterLayout,
  recurrentParameterNames,
  tensorView,
} from './parameters.ts';

/**
 * The weights of a network that `exportGraph` wrote, as the flat vector that training works on.
 * @param model bytes of an `.onnx` file
 * @throws RangeError where they are not those of this architecture
 */
export function importParameters(
  model: Uint8Array,
  architecture: NetworkArchitecture,
): Float32Array {
  const tensors = readInitializers(model);
  const layout = parameterLayout(architecture);
  const parameters = new Float32Array(layout.size);
  const { hidden } = architecture;
  const rows = cells[architecture.cell].gates * hidden;
  const stored = (name: string, size: number): Float32Array => {
    const values = tensors.get(name)?.values;
    if (values?.length === size) return values;
    throw new RangeError(
      `[importParameters] expected ${size} numbers of ${name}, got ${values?.length ?? 'none'}`,
    );
  };
  const directions = directionsOf(architecture);
  for (let layer = 0; layer < architecture.layers; layer++) {
    const inputs = layerInputs(architecture, layer);
    const input = stored(`layer${layer}.input`, directions.length * rows * inputs);
    const recurrent = stored(`layer${layer}.recurrent`, directions.length * rows * hidden);
    // ONNX adds two biases; what training learns is their sum.
    const bias = stored(`layer${layer}.bias`, directions.length * 2 * rows);
    for (const [index, direction] of directions.entries()) {
      const names = recurrentParameterNames(layer, direction);
      const view = (name: string) => tensorView(parameters, layout, name);
      copyTransposed(input, index * rows * inputs, rows, inputs, view(names.input));
      copyTransposed(recurrent, index * rows * hidden, rows, hidden, view(names.recurrent));
      const first = index * 2 * rows;
      for (const [row] of view(names.bias).entries())
        view(names.bias)[row] = bias[first + row]! + bias[first + rows + row]!;
    }
  }
  for (const name of Object.values(outputParameterNames)) {
    const view = tensorView(parameters, layout, name);
    view.set(stored(name, view.length));
  }
  return parameters;
}

/** rows × columns from `from` on → columns × rows. */
function copyTransposed(
  matrix: Float32Array,
  from: number,
  rows: number,
  columns: number,
  target: Float32Array,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      target[column * rows + row] = matrix[from + row * columns + column]!;
  }
}
