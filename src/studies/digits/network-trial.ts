import type { EmissionMatrix } from '../../decoding/emission-matrix.ts';
import { Random } from '../../math/random.ts';
import { softmaxRow } from '../../math/softmax.ts';
import { GradientComputer } from '../../training/gradient.ts';
import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import { initialParameters } from '../../training/network/parameters.ts';
import type { Objective } from '../../training/objective.ts';
import { adam } from '../../training/optimizer/adam.ts';
import { clipGradient } from '../../training/optimizer/clipping.ts';
import { initialSlots } from '../../training/optimizer/optimizer.ts';
import { learningRateAt } from '../../training/optimizer/schedule.ts';
import { type LabelledSequence, lessonOf } from '../engine/lesson.ts';

export type NetworkTrial = {
  readonly architecture: NetworkArchitecture;
  readonly objective: Objective;
  /** It rises over the first twentieth of the steps and falls to a tenth, as half a cosine. */
  readonly learningRate: number;
  readonly steps: number;
  readonly batch: number;
  /** Of the weights at the start and the order of the batches. */
  readonly seed: number;
};

/** What a look at the network shows between steps. */
export type NetworkLook<Seen> = {
  readonly step: number;
  /** This process's processor time on steps so far. */
  readonly seconds: number;
  /** Mean loss since the look before, in nats a sequence; null before the first step. */
  readonly loss: number | null;
  readonly seen: Seen;
};

/** ln p(label) in each frame, as a network has it by now. */
export type Emitter = (
  sequences: readonly Pick<LabelledSequence, 'frames' | 'values'>[],
) => Promise<EmissionMatrix[]>;

const clipNorm = 5;
const emissionBatch = 32;

/**
 * Trains a network with the engine's graphs, losses, clipping and Adam, and looks at it before the first step and
 * then `looks` times, evenly, the last time after the last step.
 */
export async function trainNetwork<Seen>(
  trial: NetworkTrial,
  sequences: readonly LabelledSequence[],
  options: {
    looks: number;
    look: (emit: Emitter) => Promise<Seen>;
    afterStep: () => Promise<void>;
  },
): Promise<NetworkLook<Seen>[]> {
  const { architecture, objective, learningRate, steps, batch, seed } = trial;
  const parameters = initialParameters(architecture, Random.forStream(seed, 0));
  const optimizer = adam({ meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8, weightDecay: 0 });
  const slots = initialSlots(optimizer, parameters.length);
  const warmupSteps = Math.ceil(steps / 20);
  const schedule = { learningRate, warmupSteps, decay: 'cosine', finalShare: 0.1 } as const;
  const lessons = lessonsOf(sequences, { batch, inputs: architecture.inputs, seed });
  const lookEvery = Math.ceil(steps / options.looks);
  const computer = await GradientComputer.create(architecture, objective);
  const looks: NetworkLook<Seen>[] = [];
  let losses: number[] = [];
  let seconds = 0;
  try {
    const emit = emitterOf(computer, parameters);
    looks.push({ step: 0, seconds, loss: null, seen: await options.look(emit) });
    for (let step = 0; step < steps; step++) {
      const lesson = lessons.next().value!;
      const start = process.cpuUsage();
      const { losses: ofBatch, gradient } = await computer.compute(parameters, lesson);
      for (let index = 0; index < gradient.length; index++) gradient[index]! /= lesson.batch;
      clipGradient(gradient, clipNorm);
      const rate = learningRateAt(schedule, step, steps);
      optimizer.update(parameters, gradient, slots, step + 1, rate);
      const { user, system } = process.cpuUsage(start);
      seconds += (user + system) / 1e6;
      losses.push(...ofBatch);
      if ((step + 1) % lookEvery === 0 || step + 1 === steps) {
        const seen = await options.look(emit);
        looks.push({ step: step + 1, seconds, loss: meanOf(losses), seen });
        losses = [];
      }
      await options.afterStep();
    }
  } finally {
    await computer.release();
  }
  return looks;
}

/** Batches of sequences of like length, all of them in random order, again and again. */
function* lessonsOf(
  sequences: readonly LabelledSequence[],
  { batch, inputs, seed }: { batch: number; inputs: number; seed: number },
) {
  const random = Random.forStream(seed, 1);
  const sorted = [...sequences].sort((a, b) => a.frames - b.frames);
  const lessons = Array.from({ length: Math.ceil(sorted.length / batch) }, (_, index) =>
    lessonOf(sorted.slice(index * batch, (index + 1) * batch), inputs),
  );
  for (;;) yield* random.shuffle(lessons);
}

function emitterOf(computer: GradientComputer, parameters: Float32Array): Emitter {
  const { inputs, labels } = computer.network.architecture;
  const probs = new Float64Array(labels);
  return async (sequences) => {
    const emissions: EmissionMatrix[] = [];
    for (let first = 0; first < sequences.length; first += emissionBatch) {
      const part = sequences.slice(first, first + emissionBatch);
      const lesson = lessonOf(
        part.map(({ frames, values }) => ({ frames, values, labels: [] })),
        inputs,
      );
      const logits = await computer.network.forward(parameters, lesson);
      for (const [n, { frames }] of part.entries()) {
        const logProbs = new Float32Array(frames * labels);
        for (let t = 0; t < frames; t++) {
          const row = (t * lesson.batch + n) * labels;
          if (!softmaxRow(logits, row, labels, probs, 0)) {
            throw new RangeError(`[trainNetwork] expected finite logits, got others at frame ${t}`);
          }
          for (let k = 0; k < labels; k++) logProbs[t * labels + k] = Math.log(probs[k]!);
        }
        emissions.push({ frames, units: labels, logProbs });
      }
    }
    return emissions;
  };
}

function meanOf(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
