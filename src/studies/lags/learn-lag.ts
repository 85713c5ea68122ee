import { Random } from '../../math/random.ts';
import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import { adam } from '../../training/optimizer/adam.ts';
import { EngineTraining } from '../engine/engine-training.ts';
import { recallBatch, recallInputs, recallSymbols } from '../engine/recall-task.ts';
import { type Start, startingWeights } from '../engine/starting-weights.ts';

/** A kind of network and how it begins. */
export type Learner = {
  readonly name: string;
  readonly cell: 'rnn' | 'lstm';
  readonly start: Start;
};

/** The share of right answers that counts as having learned; guessing gets a quarter. */
export const successAccuracy = 0.95;
const testedEvery = 50;
const testSequences = 256;

export type LagRun = {
  readonly learned: boolean;
  /** Until it had learned, or all. */
  readonly steps: number;
  readonly accuracy: number;
};

/** Trains a network on recall after so many frames until it answers new sequences, or for so many steps. */
export async function learnLag(
  learner: Learner,
  options: {
    learningRate: number;
    lag: number;
    hidden: number;
    batch: number;
    steps: number;
    seed: number;
    signal: AbortSignal;
  },
): Promise<LagRun> {
  const { learningRate, lag, hidden, batch, steps, seed, signal } = options;
  const random = Random.forStream(seed, lag);
  const testing = recallBatch(Random.forStream(seed, lag, 1), lag, testSequences);
  const architecture: NetworkArchitecture = {
    cell: learner.cell,
    hidden,
    inputs: recallInputs,
    labels: recallSymbols,
    layers: 1,
    bidirectional: false,
  };
  const training = await EngineTraining.create(
    architecture,
    startingWeights(architecture, learner.start, random),
    {
      optimizer: adam({ meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8, weightDecay: 0 }),
      learningRate,
      clipNorm: 1,
    },
  );
  try {
    let accuracy = 0;
    for (let step = 1; step <= steps; step++) {
      signal.throwIfAborted();
      await training.step(recallBatch(random, lag, batch));
      if (step % testedEvery !== 0 && step !== steps) continue;
      accuracy = await training.accuracy(testing);
      if (accuracy >= successAccuracy) return { learned: true, steps: step, accuracy };
    }
    return { learned: false, steps, accuracy };
  } finally {
    await training.release();
  }
}
