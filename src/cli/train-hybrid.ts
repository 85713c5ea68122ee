import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { hasSameLabels } from '../alphabet/definition.ts';
import { loadModelFolder, type ModelFolder } from '../recognition/model-folder.ts';
import type { TrainingConfiguration } from '../training/configuration.ts';
import { describeMachine, round } from '../training/export-model.ts';
import {
  type HybridTrainingConfiguration,
  hybridTrainingConfigurationSchema,
} from '../training/hybrid/configuration.ts';
import { exportHybrid } from '../training/hybrid/export-hybrid.ts';
import { type HybridRunOptions, runHybridTraining } from '../training/hybrid/hybrid-run.ts';
import { commandGroup } from './command-group.ts';
import { readConfigurationFile } from './configuration-file.ts';
import { UsageError } from './failures.ts';
import { stoppable } from './interrupt.ts';
import { pathToShow } from './model-card/paths.ts';
import { writeReadme } from './model-card/write.ts';
import {
  decidingFlags,
  type NetworkTrainingFlags,
  networkTrainingFlags,
} from './network-training-flags.ts';
import { scoresText } from './penalties-text.ts';
import { today } from './today.ts';
import { threadsForShards } from './train-model.ts';
import { readTrainingConfiguration } from './training-configuration.ts';
import { TrainingProgress } from './training-progress.ts';

type Options = NetworkTrainingFlags & {
  readonly out: string;
  readonly run?: string;
  readonly resume?: true;
};

export function register(program: Command): void {
  const command = commandGroup(program, 'train', 'train a model from recordings')
    .command('hybrid')
    .description('train the network of a BLSTM-HMM hybrid and add it to a model folder')
    .argument('<configuration>', 'JSON file: states, schedule …, and the CTC configuration')
    .requiredOption('--corpora <folders...>', 'folders below which the manifests are found')
    .option('--out <folder>', 'where the model’s folder is', 'models')
    .option(
      '--run <folder>',
      'checkpoint, metrics log, learning curve (default: runs/<name>-hybrid)',
    )
    .option('--resume', 'go on from the checkpoint of the run');
  networkTrainingFlags(command)
    .addHelpText(
      'after',
      `
The configuration names that of sori train ctc, whose data, labels and dev sets are used. The model must be
in its folder already, with its HMM: the HMM says which state each frame of the recordings belongs to, and
the network that learns to tell it begins as the CTC model's. The penalties of decoding are chosen on the
dev sets.

Example:
  $ sori train hybrid models/digits-en/training-hybrid.json --corpora corpora .cache/corpora`,
    )
    .action(trainHybrid);
}

async function trainHybrid(path: string, options: Options): Promise<void> {
  const { base, configuration } = await readConfiguration(path, options);
  const folder = join(options.out, base.name);
  const model = await modelWithHmm(path, folder, base);
  const progress = new TrainingProgress(configuration.steps);
  try {
    const { tried, step, seconds, ...trained } = await stoppable((signal) =>
      runHybridTraining({
        base,
        configuration,
        model,
        corporaRoots: options.corpora.map((root) => resolve(root)),
        runFolder: options.run ?? join('runs', `${base.name}-hybrid`),
        cacheFolder: resolve(options.cache),
        resume: options.resume ?? false,
        threads: options.threads ?? threadsForShards(base.shards),
        dataWorkers: options.dataWorkers,
        signal,
        onStage: (stage) => progress.stage(stage),
        onStep: (result, framesPerSecond) => progress.step(result, framesPerSecond),
        onEvaluation: (evaluation, isBest) => progress.evaluation(evaluation, isBest),
      }),
    );
    const manifest = await exportHybrid(folder, {
      ...trained,
      card: {
        training: {
          steps: step,
          seed: configuration.seed,
          hours: round(seconds / 3600, 2),
          machine: describeMachine(),
          date: today(),
          command: `sori train hybrid ${pathToShow(path)} ${decidingFlags(options)}`,
        },
        tried: configuration.tried,
      },
    });
    await writeReadme(folder, manifest);
    progress.stop();
    console.log(scoresText(tried[0]!));
    console.log(`wrote hybrid.onnx and hybrid.json into ${folder}`);
  } finally {
    progress.stop();
  }
}

/** The JSON file that `sori train hybrid` takes, and the one of `sori train ctc` that it names. */
async function readConfiguration(
  path: string,
  change: Pick<Options, 'steps' | 'seed'>,
): Promise<{ base: TrainingConfiguration; configuration: HybridTrainingConfiguration }> {
  const own = await readConfigurationFile(path, hybridTrainingConfigurationSchema);
  const base = await readTrainingConfiguration(resolve(dirname(path), own.base));
  if (base.alphabet.kind !== 'words')
    throw new UsageError(`${path}: expected a base with labels of words, got characters`);
  const { steps = own.steps, seed = own.seed } = change;
  return { base, configuration: { ...own, steps, seed } };
}

async function modelWithHmm(
  path: string,
  folder: string,
  base: TrainingConfiguration,
): Promise<HybridRunOptions['model']> {
  const { hmm, ...model }: ModelFolder = await loadModelFolder(folder);
  if (!hasSameLabels(model.manifest.alphabet, base.alphabet))
    throw new UsageError(`${path}: its labels are not those of the model in ${folder}`);
  if (hmm === undefined)
    throw new UsageError(`${folder}: expected a model with an HMM, see sori train hmm --help`);
  return { ...model, hmm };
}
