import { join } from 'node:path';
import type { Command } from 'commander';
import { commandGroup } from './command-group.ts';
import { stoppable } from './interrupt.ts';
import { pathToShow } from './model-card/paths.ts';
import { wholeNumber } from './options.ts';
import { trainModel } from './train-model.ts';
import { readTrainingConfiguration } from './training-configuration.ts';

type Options = {
  corpora: string[];
  out: string;
  run?: string;
  resume?: boolean;
  startFrom?: string;
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
    .option(
      '--start-from <checkpoint>',
      'begin with the weights of another run of the same network',
    )
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
  const configuration = await readTrainingConfiguration(path, options);
  await stoppable((signal) =>
    trainModel(configuration, {
      ...options,
      modelFolder: join(options.out, configuration.name),
      runFolder: options.run ?? join('runs', configuration.name),
      resume: options.resume ?? false,
      threads: options.threads,
      command: `sori train ctc ${pathToShow(path)} ${commandFlags(command)}`,
      signal,
    }),
  );
}

/** The flags that decide the result, for the model card. */
function commandFlags(command: Command): string {
  const { corpora, startFrom, steps, seed } = command.opts<Options>();
  const flags = [`--corpora ${corpora.map(pathToShow).join(' ')}`];
  if (startFrom !== undefined) flags.push(`--start-from ${pathToShow(startFrom)}`);
  if (steps !== undefined) flags.push(`--steps ${steps}`);
  if (seed !== undefined) flags.push(`--seed ${seed}`);
  return flags.join(' ');
}
