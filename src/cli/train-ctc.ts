import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { TrainingConfiguration } from '../training/configuration.ts';
import { describeCorpora, describeMachine, exportModel, round } from '../training/export-model.ts';
import { type RunResult, runTraining } from '../training/training-run.ts';
import { commandGroup } from './command-group.ts';
import { stoppable } from './interrupt.ts';
import { pathToShow } from './model-card/paths.ts';
import { writeReadme } from './model-card/write.ts';
import { wholeNumber } from './options.ts';
import { readTrainingConfiguration } from './training-configuration.ts';
import { TrainingProgress } from './training-progress.ts';

type Options = {
  corpora: string[];
  out: string;
  run?: string;
  resume?: boolean;
  steps?: number;
  seed?: number;
  threads?: number;
  dataWorkers: number;
  cache: string;
};

export function register(program: Command): void {
  commandGroup(program, 'train', 'train a model from recordings')
    .command('ctc')
    .description('train a recurrent network with CTC and write it as a model folder')
    .argument('<configuration>', 'JSON file: architecture, features, data, schedule …')
    .requiredOption('--corpora <folders...>', 'folders below which the manifests are found')
    .option('--out <folder>', 'where the model folder is written', 'models')
    .option('--run <folder>', 'checkpoint, metrics log, learning curve (default: runs/<name>)')
    .option('--resume', 'go on from the checkpoint of the run')
    .option('--steps <count>', 'instead of the configuration’s', wholeNumber(1, 100_000_000))
    .option('--seed <number>', 'instead of the configuration’s', wholeNumber(0, 2 ** 32 - 1))
    .option(
      '--threads <count>',
      'threads a shard of the batch (default: cores / shards)',
      wholeNumber(1, 256),
    )
    .option('--data-workers <count>', 'threads that make batches', wholeNumber(1, 256), 1)
    .option('--cache <folder>', 'decoded recordings', '.cache')
    .addHelpText(
      'after',
      `
Example:
  $ sori train ctc models/digits-en/training.json --corpora corpora .cache/corpora`,
    )
    .action(trainCtc);
}

async function trainCtc(path: string, options: Options, command: Command): Promise<void> {
  const configuration = await readConfiguration(path, options);
  const progress = new TrainingProgress(configuration.steps);
  try {
    await stoppable(async (signal) => {
      const run = await runTraining({
        configuration,
        corporaRoots: options.corpora.map((folder) => resolve(folder)),
        runFolder: options.run ?? join('runs', configuration.name),
        cacheFolder: resolve(options.cache),
        resume: options.resume ?? false,
        threads: options.threads ?? threadsForShards(configuration.shards),
        dataWorkers: options.dataWorkers,
        signal,
        onStage: (stage) => progress.stage(stage),
        onStep: (result, framesPerSecond) => progress.step(result, framesPerSecond),
        onEvaluation: (evaluation, isBest) => progress.evaluation(evaluation, isBest),
      });
      const folder = join(options.out, configuration.name);
      try {
        const called = `sori train ctc ${pathToShow(path)} ${commandFlags(command)}`;
        await writeTrained(folder, configuration, run, called);
      } finally {
        await run.trainer.release();
      }
      progress.done(`wrote ${folder}`);
    });
  } finally {
    progress.stop();
  }
}

/** Writes the model folder of a run that has come to its end. */
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
        date: new Date().toISOString().slice(0, 10),
        command,
      },
      errorRates: [],
    },
  });
  await writeReadme(folder, manifest);
}

function threadsForShards(shards: number): number {
  return Math.max(1, Math.floor(availableParallelism() / shards));
}

async function readConfiguration(path: string, options: Options): Promise<TrainingConfiguration> {
  const configuration = await readTrainingConfiguration(path);
  const { steps, seed } = options;
  return {
    ...configuration,
    ...(steps === undefined ? {} : { steps }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** The flags that decide the result, for the model card. */
function commandFlags(command: Command): string {
  const { corpora, steps, seed } = command.opts<Options>();
  const flags = [`--corpora ${corpora.map(pathToShow).join(' ')}`];
  if (steps !== undefined) flags.push(`--steps ${steps}`);
  if (seed !== undefined) flags.push(`--seed ${seed}`);
  return flags.join(' ');
}
