import { Random } from '../../math/random.ts';
import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import { recurrentParameterNames, tensorView } from '../../training/network/parameters.ts';
import { BackPropagation } from '../../training/theory/back-propagation.ts';
import { emptySlopes } from '../../training/theory/cell.ts';
import { crossEntropy } from '../../training/theory/learner.ts';
import {
  euclideanNorm,
  largestSingularValue,
  spectralRadius,
} from '../../training/theory/matrices.ts';
import { TheoryNetwork } from '../../training/theory/network.ts';
import { stateJacobian } from '../../training/theory/state-jacobian.ts';
import { recallBatch, recallInputs } from '../engine/recall-task.ts';
import { factorPerStep, mean } from '../statistics.ts';

/** How the gradient of the loss in the last frame fares on its way back. */
export type StateNorms = {
  /**
   * ‖∂L_t/∂h_{t−k}‖ by k, as a share of that at k = 0: geometric mean over sequences and networks. Of an LSTM
   * the output h alone; what goes by the memory is in `byMemory`.
   */
  readonly byOutput: readonly number[];
  /** ‖∂L_t/∂c_{t−k}‖ likewise; none for a plain network. */
  readonly byMemory: readonly number[];
  /** By which the norm of the gradient by the state, h and c together, changes with each frame further back. */
  readonly factor: number;
  /** Of R, and its largest singular value; for an LSTM null, which has four. */
  readonly recurrentRadius: number | null;
  readonly recurrentStretch: number | null;
  /** The spectral radius of ∂s_t/∂s_{t−1}, s the whole state: the mean over frames. */
  readonly jacobianRadius: number;
};

/** Frames whose Jacobian is looked at, spread over a sequence. */
const jacobianFrames = 4;

/**
 * @param networks parameters of networks of the same shape and kind
 * @param options `lag`: frames from the first to the last, which asks; `silent`: all inputs are zero
 */
export function stateNorms(
  architecture: NetworkArchitecture,
  networks: readonly Float32Array[],
  options: { lag: number; sequences: number; seed: number; silent?: boolean },
): StateNorms {
  const network = new TheoryNetwork(architecture);
  const outputs: number[][] = [];
  const memories: number[][] = [];
  const whole: number[][] = [];
  const radii: number[] = [];
  for (const [index, float32] of networks.entries()) {
    const parameters = Float64Array.from(float32);
    const random = Random.forStream(options.seed, index);
    for (let sequence = 0; sequence < options.sequences; sequence++) {
      const { features, targets, frames } = recallBatch(random, options.lag, 1);
      const byOutput: number[] = [];
      const byMemory: number[] = [];
      const learner = new BackPropagation(network, {
        onState: (stepsBack, dh, dc) => {
          byOutput[stepsBack] = euclideanNorm(dh);
          if (dc !== undefined) byMemory[stepsBack] = euclideanNorm(dc);
        },
      });
      const inputs = options.silent
        ? new Float64Array(features.length)
        : Float64Array.from(features);
      for (let t = 0; t < frames; t++) {
        const logits = learner.forward(parameters, inputs, t * recallInputs);
        const target = t === frames - 1 ? targets[0]! : -1;
        learner.backward(parameters, crossEntropy(logits, target).gradient);
      }
      learner.finish(parameters);
      outputs.push(byOutput);
      memories.push(byMemory);
      whole.push(byOutput.map((norm, k) => Math.hypot(norm, byMemory[k] ?? 0)));
      if (sequence === 0) radii.push(...jacobianRadii(network, parameters, inputs, frames));
    }
  }
  const shares = geometricMeans(whole);
  const isPlain = architecture.cell === 'rnn';
  const recurrent = (measure: typeof spectralRadius) =>
    isPlain ? mean(networks.map((each) => measure(recurrentMatrix(network, each)))) : null;
  return {
    byOutput: geometricMeans(outputs).map(shortened),
    byMemory: isPlain ? [] : geometricMeans(memories).map(shortened),
    factor: factorPerStep(shares.map((share, k) => [k, share] as const).filter(isFitted)),
    recurrentRadius: recurrent(spectralRadius),
    recurrentStretch: recurrent(largestSingularValue),
    jacobianRadius: mean(radii),
  };
}

/** Where the logarithm is fitted by a line: behind the first frames, above what a double holds. */
const isFitted = ([k, share]: readonly [number, number]) => k >= 3 && k <= 40 && share > 1e-280;

/** exp of the mean logarithm by k, as a share of the first; 0 where a norm is 0. */
function geometricMeans(curves: readonly (readonly number[])[]): number[] {
  const logs = curves[0]!.map((_, k) => mean(curves.map((curve) => Math.log(curve[k]!))));
  return logs.map((log) => Math.exp(log - logs[0]!));
}

/** Six digits: the results go into the repository. */
function shortened(value: number): number {
  return Number(value.toPrecision(6));
}

function recurrentMatrix(network: TheoryNetwork, parameters: Float32Array) {
  const { recurrent } = recurrentParameterNames(0, 'forward');
  const values = Float64Array.from(tensorView(parameters, network.layout, recurrent));
  return { n: network.architecture.hidden, values };
}

function jacobianRadii(
  network: TheoryNetwork,
  parameters: Float64Array,
  features: Float64Array,
  frames: number,
): number[] {
  const state = network.initialState();
  const slopes = emptySlopes(network.cell, network.architecture.hidden);
  const every = Math.max(1, Math.floor(frames / jacobianFrames));
  const radii: number[] = [];
  for (let t = 0; t < frames; t++) {
    network.step(parameters, features, t * recallInputs, state, slopes);
    if (t % every === every - 1) {
      radii.push(spectralRadius(stateJacobian(network, parameters, slopes)));
    }
  }
  return radii;
}
