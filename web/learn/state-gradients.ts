import { Random } from '../../src/math/random.ts';
import type { NetworkArchitecture } from '../../src/training/network/architecture.ts';
import {
  initialParameters,
  recurrentParameterNames,
  tensorView,
} from '../../src/training/network/parameters.ts';
import { BackPropagation } from '../../src/training/theory/back-propagation.ts';
import { crossEntropy } from '../../src/training/theory/learner.ts';
import { TheoryNetwork } from '../../src/training/theory/network.ts';

const shape = { bidirectional: false, layers: 1, hidden: 12, inputs: 2, labels: 2 } as const;
const seed = 1;

/**
 * How much the loss of the last frame asks of the state each number of frames before it: the norm of its
 * gradient by the whole state (h, and c of an LSTM), as a share of that by the last one.
 *
 * @param gain what the random recurrent weights are multiplied by
 * @param forgetBias bias of an LSTM's forget gates; an RNN has none
 */
export function stateGradients(
  cell: NetworkArchitecture['cell'],
  gain: number,
  frames: number,
  forgetBias: number,
): number[] {
  const network = new TheoryNetwork({ ...shape, cell });
  const random = new Random(seed);
  const parameters = Float64Array.from(initialParameters(network.architecture, random));
  const { recurrent, bias } = recurrentParameterNames(0, 'forward');
  const weights = tensorView(parameters, network.layout, recurrent);
  for (let index = 0; index < weights.length; index++) weights[index]! *= gain;
  // Gates i, o, f, c.
  if (cell === 'lstm')
    tensorView(parameters, network.layout, bias).fill(
      forgetBias,
      2 * shape.hidden,
      3 * shape.hidden,
    );

  const norms: number[] = [];
  const norm = (values: Float64Array | undefined) => Math.hypot(...(values ?? []));
  const learner = new BackPropagation(network, {
    onState: (stepsBack, byOutput, byMemory) => {
      norms[stepsBack] = Math.hypot(norm(byOutput), norm(byMemory));
    },
  });
  const inputs = Float64Array.from({ length: frames * shape.inputs }, () => random.gaussian());
  for (let t = 0; t < frames; t++) {
    const logits = learner.forward(parameters, inputs, t * shape.inputs);
    learner.backward(parameters, crossEntropy(logits, t === frames - 1 ? 0 : -1).gradient);
  }
  learner.finish(parameters);
  return norms.map((value) => value / norms[0]!);
}
