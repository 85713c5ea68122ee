import { join } from 'node:path';
import type { Command } from 'commander';
import { commandGroup } from './command-group.ts';
import { stoppable } from './interrupt.ts';
import { pathToShow } from './model-card/paths.ts';
import {
  decidingFlags,
  type NetworkTrainingFlags,
  networkTrainingFlags,
} from './network-training-flags.ts';
import { trainModel } from './train-model.ts';
import { readTrainingConfiguration } from './training-configuration.ts';

type Options = NetworkTrainingFlags & {
  readonly out: string;
  readonly run?: string;
  readonly resume?: true;
  readonly startFrom?: string;
};

export function register(program: Command): void {
  const command = commandGroup(program, 'train', 'train a model from recordings')
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
    );
  networkTrainingFlags(command)
    .addHelpText(
      'after',
      `
Example:
  $ sori train ctc models/digits-en/training.json --corpora corpora .cache/corpora`,
    )
    .action(trainCtc);
}

async function trainCtc(path: string, options: Options): Promise<void> {
  const configuration = await readTrainingConfiguration(path, options);
  await stoppable((signal) =>
    trainModel(configuration, {
      ...options,
      modelFolder: join(options.out, configuration.name),
      runFolder: options.run ?? join('runs', configuration.name),
      resume: options.resume ?? false,
      threads: options.threads,
      command: `sori train ctc ${pathToShow(path)} ${decidingFlags(options)}`,
      signal,
    }),
  );
}
