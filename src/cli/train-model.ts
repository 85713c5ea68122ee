import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { TrainingConfiguration } from '../training/configuration.ts';
import { describeCorpora, describeMachine, exportModel, round } from '../training/export-model.ts';
import { type RunResult, runTraining } from '../training/training-run.ts';
import { writeReadme } from './model-card/write.ts';
import { today } from './today.ts';
import { TrainingProgress } from './training-progress.ts';

export type TrainModelOptions = {
  readonly corpora: readonly string[];
  /** The model's folder, written when training has come to its end. */
  readonly modelFolder: string;
  readonly runFolder: string;
  readonly resume: boolean;
  /** A checkpoint whose weights a new run begins with. */
  readonly startFrom?: string | undefined;
  /** ONNX Runtime's, for each shard of a batch; by default the shards' share of the cores. */
  readonly threads: number | undefined;
  readonly dataWorkers: number;
  readonly cache: string;
  /** How the card says that the model was made. */
  readonly command: string;
  readonly signal: AbortSignal;
};

/** Trains with progress on standard error and writes the model folder. */
export async function trainModel(
  configuration: TrainingConfiguration,
  options: TrainModelOptions,
): Promise<void> {
  const progress = new TrainingProgress(configuration.steps);
  try {
    const run = await runTraining({
      configuration,
      corporaRoots: options.corpora.map((folder) => resolve(folder)),
      runFolder: options.runFolder,
      cacheFolder: resolve(options.cache),
      resume: options.resume,
      startFrom: options.startFrom,
      threads: options.threads ?? threadsForShards(configuration.shards),
      dataWorkers: options.dataWorkers,
      signal: options.signal,
      onStage: (stage) => progress.stage(stage),
      onStep: (result, framesPerSecond) => progress.step(result, framesPerSecond),
      onEvaluation: (evaluation, isBest) => progress.evaluation(evaluation, isBest),
    });
    try {
      await writeTrained(options.modelFolder, configuration, run, options.command);
    } finally {
      await run.trainer.release();
    }
    progress.done(`wrote ${options.modelFolder}`);
  } finally {
    progress.stop();
  }
}

async function writeTrained(
  folder: string,
  configuration: TrainingConfiguration,
  { trainer, recipe, data, seconds }: RunResult,
  command: string,
): Promise<void> {
  const manifest = await exportModel(folder, {
    configuration,
    recipe,
    architecture: trainer.architecture,
    parameters: trainer.bestServedParameters,
    card: {
      summary: configuration.description,
      trainedOn: describeCorpora(configuration, data.corpora),
      training: {
        steps: trainer.best?.step ?? trainer.stepsDone,
        seed: configuration.seed,
        hours: round(seconds / 3600, 2),
        machine: describeMachine(),
        date: today(),
        command,
      },
      errorRates: [],
    },
  });
  await writeReadme(folder, manifest);
}

/** ONNX Runtime's threads for each of so many shards of a batch: its share of the cores. */
export function threadsForShards(shards: number): number {
  return Math.max(1, Math.floor(availableParallelism() / shards));
}
