import { Random } from '../../math/random.ts';
import { adam } from '../../training/optimizer/adam.ts';
import { EngineTraining } from '../engine/engine-training.ts';
import { recallBatch } from '../engine/recall-task.ts';
import { startingWeights } from '../engine/starting-weights.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type Beginning, recallArchitecture } from './networks.ts';
import { type StateNorms, stateNorms } from './state-norms.ts';

export type Snapshot = {
  readonly step: number;
  readonly accuracy: Spread;
  /** ‖∂L_t/∂h_{t−lag}‖ / ‖∂L_t/∂h_t‖ */
  readonly share: number;
} & StateNorms;

const learningRate = 0.004;
const clipNorm = 1;

/** Trains a network a seed on recall after `lag` frames, and looks at its gradients at some steps on the way. */
export async function gradientsThroughTraining(
  { cell, start }: Beginning,
  options: {
    hidden: number;
    lag: number;
    batch: number;
    snapshots: readonly number[];
    seeds: readonly number[];
    sequences: number;
  },
  runDone: () => Promise<void>,
): Promise<Snapshot[]> {
  const { lag, batch, snapshots } = options;
  const architecture = recallArchitecture(cell, options.hidden);
  const perSeed: { parameters: Float32Array; accuracy: number }[][] = [];
  for (const seed of options.seeds) {
    const random = new Random(seed);
    const training = await EngineTraining.create(
      architecture,
      startingWeights(architecture, start, random),
      {
        optimizer: adam({ meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8, weightDecay: 0 }),
        learningRate,
        clipNorm,
      },
    );
    try {
      const taken = [];
      for (let step = 0; step <= snapshots.at(-1)!; step++) {
        if (snapshots.includes(step)) {
          const accuracy = await training.accuracy(recallBatch(new Random(seed), lag, 256));
          taken.push({ parameters: training.parameters.slice(), accuracy });
        }
        await training.step(recallBatch(random, lag, batch));
      }
      perSeed.push(taken);
    } finally {
      await training.release();
    }
    await runDone();
  }
  return snapshots.map((step, index) => {
    const networks = perSeed.map((taken) => taken[index]!.parameters);
    const { sequences, seeds } = options;
    const norms = stateNorms(architecture, networks, { lag, sequences, seed: seeds[0]! });
    return {
      step,
      accuracy: spreadOf(perSeed.map((taken) => taken[index]!.accuracy)),
      share: norms.byOutput.at(-1)!,
      ...norms,
    };
  });
}
