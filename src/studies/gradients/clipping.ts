import { Random } from '../../math/random.ts';
import { sgd } from '../../training/optimizer/sgd.ts';
import { EngineTraining } from '../engine/engine-training.ts';
import { recallBatch } from '../engine/recall-task.ts';
import { startingWeights } from '../engine/starting-weights.ts';
import { mean, type Spread, spreadOf } from '../statistics.ts';
import { recallArchitecture } from './networks.ts';

export type Clipping = {
  readonly gain: number;
  readonly lag: number;
  readonly seeds: number;
  readonly runs: readonly {
    readonly learningRate: number;
    /** null for none */
    readonly clipNorm: number | null;
    /** Over the steps of a run, before clipping: of the runs of all seeds. */
    readonly medianNorm: Spread;
    readonly largestNorm: Spread;
    /** Mean loss of the last tenth of the steps, in nats; ln 4 for guessing. */
    readonly lastLoss: Spread;
    readonly accuracy: Spread;
    /** Mean loss over seeds by step. */
    readonly curve: readonly (readonly [step: number, nats: number])[];
  }[];
};

const gain = 1.5;
const lag = 15;
const curvePoints = 40;
export const clipNorms = [null, 1] as const;

/**
 * A plain network whose weights begin half again as large, so that gradients explode, by stochastic gradient
 * descent at some rates, with and without clipping (Pascanu, Mikolov & Bengio 2013, algorithm 1).
 */
export async function clipping(
  options: {
    hidden: number;
    steps: number;
    batch: number;
    rates: readonly number[];
    seeds: readonly number[];
  },
  runDone: () => Promise<void>,
): Promise<Clipping> {
  const runs = [];
  const variants = options.rates.flatMap((learningRate) =>
    clipNorms.map((clipNorm) => ({ learningRate, clipNorm })),
  );
  for (const { learningRate, clipNorm } of variants) {
    const perSeed: Awaited<ReturnType<typeof run>>[] = [];
    for (const seed of options.seeds) {
      perSeed.push(await run({ learningRate, clipNorm, seed }, options));
      await runDone();
    }
    const share = options.steps / curvePoints;
    runs.push({
      learningRate,
      clipNorm,
      medianNorm: spreadOf(perSeed.map(({ norms }) => spreadOf(norms).median)),
      largestNorm: spreadOf(perSeed.map(({ norms }) => Math.max(...norms))),
      lastLoss: spreadOf(perSeed.map(({ losses }) => mean(losses.slice(-options.steps / 10)))),
      accuracy: spreadOf(perSeed.map(({ accuracy }) => accuracy)),
      curve: Array.from({ length: curvePoints }, (_, part) => {
        const within = perSeed.map(({ losses }) =>
          mean(losses.slice(part * share, (part + 1) * share)),
        );
        return [(part + 1) * share, mean(within)] as const;
      }),
    });
  }
  return { gain, lag, seeds: options.seeds.length, runs };
}

async function run(
  { learningRate, clipNorm, seed }: { learningRate: number; clipNorm: number | null; seed: number },
  { hidden, steps, batch }: { hidden: number; steps: number; batch: number },
): Promise<{ losses: number[]; norms: number[]; accuracy: number }> {
  const random = new Random(seed);
  const architecture = recallArchitecture('rnn', hidden);
  const training = await EngineTraining.create(
    architecture,
    startingWeights(architecture, { gain }, random),
    {
      optimizer: sgd({ momentum: 0, weightDecay: 0 }),
      learningRate,
      clipNorm: clipNorm ?? Number.POSITIVE_INFINITY,
    },
  );
  try {
    const losses: number[] = [];
    const norms: number[] = [];
    for (let step = 0; step < steps; step++) {
      const { loss, gradientNorm } = await training.step(recallBatch(random, lag, batch));
      losses.push(loss);
      norms.push(gradientNorm);
    }
    return { losses, norms, accuracy: await training.accuracy(recallBatch(random, lag, 256)) };
  } finally {
    await training.release();
  }
}
