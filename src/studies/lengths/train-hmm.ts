import type { EmissionMatrix } from '../../decoding/emission-matrix.ts';
import { MixtureScorer } from '../../hmm/emissions/mixture-scorer.ts';
import {
  type HmmStage,
  type HmmTrainingConfiguration,
  hmmTrainingConfigurationSchema,
} from '../../training/hmm/configuration.ts';
import { HmmTrainer } from '../../training/hmm/hmm-trainer.ts';
import { ShardPool } from '../../training/hmm/shard-pool.ts';
import { type HmmParameters, trainingLexicon } from '../../training/hmm/units.ts';
import { type DigitString, type DigitTask, digitLabels } from '../digits/digit-strings.ts';
import { decoding } from './hmm-reader.ts';

export type HmmLook = {
  /** This process's processor time so far, examples made apart. */
  readonly seconds: number;
  readonly error: number;
};

/** Emitting states of a digit. */
export const wordStates = 8;

/**
 * Trains a Gaussian mixture HMM from transcripts alone, as `sori train hmm` does: from a flat start, by best paths
 * and then by all paths, one Gaussian a state and then more. `look` gives the error rate after a
 * stage of so many iterations.
 */
export async function trainHmm(
  { definition, train }: DigitTask,
  options: {
    iterations: number;
    components: readonly number[];
    seed: number;
    signal: AbortSignal;
    look: (parameters: HmmParameters) => number;
    afterIteration: () => Promise<void>;
  },
): Promise<{ parameters: HmmParameters; looks: HmmLook[] }> {
  const { signal } = options;
  const configuration = configurationOf(definition.recipe, train.length, options);
  const lexicon = trainingLexicon(undefined, digitLabels.slice(1));
  const pool = await ShardPool.create(definition, train.length, 1, signal, () => {});
  let seconds = 0;
  const timed = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const start = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(start);
    seconds += (user + system) / 1e6;
    return result;
  };
  const looks: HmmLook[] = [];
  try {
    const trainer = await timed(() => HmmTrainer.start(configuration, lexicon, pool, signal));
    while (!trainer.isFinished) {
      const { stage } = await timed(() => trainer.step());
      if (trainer.state.stage > stage) {
        looks.push({ seconds, error: options.look(trainer.state.parameters) });
      }
      await options.afterIteration();
    }
    return { parameters: trainer.state.parameters, looks };
  } finally {
    await pool.release();
  }
}

/** How many iterations `trainHmm` does. */
export function iterationsOf(options: { iterations: number; components: readonly number[] }) {
  return options.iterations * options.components.length;
}

/** ln p(frame | state) of the HMM's Gaussians. */
export function mixtureEmissions(
  { mixtures }: HmmParameters,
  strings: readonly DigitString[],
): EmissionMatrix[] {
  const scorer = new MixtureScorer(mixtures);
  return strings.map(({ features: { frames, values } }) => {
    const { units, logProbs } = scorer.score(values, frames);
    return { frames, units, logProbs: Float32Array.from(logProbs) };
  });
}

function configurationOf(
  features: HmmTrainingConfiguration['features'],
  examples: number,
  options: { iterations: number; components: readonly number[]; seed: number },
): HmmTrainingConfiguration {
  const stages = options.components.map(
    (count, index): HmmStage => ({
      method: index === 0 ? 'align' : 'baum-welch',
      iterations: options.iterations,
      components: { word: count, silence: count, noise: 1, filler: 1 },
      learnTransform: false,
    }),
  );
  return hmmTrainingConfigurationSchema.parse({
    base: 'training.json',
    seed: options.seed,
    features,
    examples,
    units: { word: { states: wordStates }, silence: { states: 3 } },
    stages,
    decoding,
  });
}
