import type { Random } from '../../math/random.ts';
import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import {
  initialParameters,
  parameterLayout,
  recurrentParameterNames,
  tensorView,
} from '../../training/network/parameters.ts';
import { orthogonalMatrix } from '../../training/theory/matrices.ts';

/** How a network of one layer and direction begins, where not as the engine has it. */
export type Start = {
  /** `uniform` (the engine's) or, a matrix a gate, `orthogonal` (Saxe, McClelland & Ganguli 2014). */
  readonly recurrent?: 'uniform' | 'orthogonal';
  /** Times the recurrent weights. */
  readonly gain?: number;
  /** Of an LSTM's forget gates (the engine's is 1). */
  readonly forgetBias?: number;
};

export function startingWeights(
  architecture: NetworkArchitecture,
  start: Start,
  random: Random,
): Float32Array {
  const { hidden: H, cell } = architecture;
  const layout = parameterLayout(architecture);
  const parameters = initialParameters(architecture, random);
  const names = recurrentParameterNames(0, 'forward');
  const recurrent = tensorView(parameters, layout, names.recurrent); // H × G·H
  const columns = recurrent.length / H;
  if (start.recurrent === 'orthogonal') {
    for (let gate = 0; gate * H < columns; gate++) {
      const { values } = orthogonalMatrix(H, random);
      for (let i = 0; i < H; i++) {
        for (let j = 0; j < H; j++) recurrent[i * columns + gate * H + j] = values[i * H + j]!;
      }
    }
  }
  for (let index = 0; index < recurrent.length; index++) recurrent[index]! *= start.gain ?? 1;
  if (cell === 'lstm' && start.forgetBias !== undefined) {
    tensorView(parameters, layout, names.bias).fill(start.forgetBias, 2 * H, 3 * H);
  }
  return parameters;
}
