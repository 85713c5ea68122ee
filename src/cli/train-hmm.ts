import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { hasSameLabels } from '../alphabet/definition.ts';
import { loadModelFolder } from '../recognition/model-folder.ts';
import type { HmmCard } from '../recognition/model-manifest.ts';
import { describeMachine, round } from '../training/export-model.ts';
import type { HmmTrainingConfiguration } from '../training/hmm/configuration.ts';
import { exportHmm } from '../training/hmm/export-hmm.ts';
import { type HmmRunResult, runHmmTraining } from '../training/hmm/hmm-run.ts';
import { commandGroup } from './command-group.ts';
import { UsageError } from './failures.ts';
import { readHmmConfiguration } from './hmm-configuration.ts';
import { HmmProgress } from './hmm-progress.ts';
import { stoppable } from './interrupt.ts';
import { pathToShow } from './model-card/paths.ts';
import { writeReadme } from './model-card/write.ts';
import { wholeNumber } from './options.ts';
import { scoresText } from './penalties-text.ts';
import { today } from './today.ts';

type Options = {
  readonly corpora: string[];
  readonly out: string;
  readonly run?: string;
  readonly resume?: true;
  readonly examples?: number;
  readonly seed?: number;
  readonly cache: string;
};

export function register(program: Command): void {
  commandGroup(program, 'train', 'train a model from recordings')
    .command('hmm')
    .description('train a Gaussian-mixture HMM from transcripts and add it to a model folder')
    .argument('<configuration>', 'JSON file: features, units, stages …, and the CTC configuration')
    .requiredOption('--corpora <folders...>', 'folders below which the manifests are found')
    .option('--out <folder>', 'where the model’s folder is', 'models')
    .option('--run <folder>', 'checkpoint and metrics log (default: runs/<name>-hmm)')
    .option('--resume', 'go on from the checkpoint of the run')
    .option('--examples <count>', 'instead of the configuration’s', wholeNumber(1, 10_000_000))
    .option('--seed <number>', 'instead of the configuration’s', wholeNumber(0, 2 ** 32 - 1))
    .option('--cache <folder>', 'decoded recordings', '.cache')
    .addHelpText(
      'after',
      `
The configuration names that of sori train ctc, whose data, labels and dev sets are used. The model must be
in its folder already: the HMM is added to it. The penalties of decoding are chosen on the dev sets.

Example:
  $ sori train hmm models/digits-en/training-hmm.json --corpora corpora .cache/corpora`,
    )
    .action(trainHmm);
}

async function trainHmm(path: string, options: Options): Promise<void> {
  const { base, configuration } = await readHmmConfiguration(path, options);
  const folder = join(options.out, base.name);
  const { manifest: model } = await loadModelFolder(folder);
  if (!hasSameLabels(model.alphabet, base.alphabet))
    throw new UsageError(`${path}: its labels are not those of the model in ${folder}`);
  const progress = new HmmProgress(configuration);
  try {
    const result = await stoppable((signal) =>
      runHmmTraining({
        base,
        configuration,
        corporaRoots: options.corpora.map((root) => resolve(root)),
        runFolder: options.run ?? join('runs', `${base.name}-hmm`),
        cacheFolder: resolve(options.cache),
        resume: options.resume ?? false,
        signal,
        onStage: (stage) => progress.stage(stage),
        onIteration: (iteration) => progress.iteration(iteration),
      }),
    );
    const [best] = result.tried;
    const manifest = await exportHmm(folder, {
      parameters: result.parameters,
      decoding: best!.decoding,
      recipe: result.recipe,
      card: cardOf(result, configuration, commandFor(path, options)),
    });
    await writeReadme(folder, manifest);
    progress.stop();
    console.log(scoresText(best!));
    console.log(`wrote hmm.onnx and hmm.json into ${folder}`);
  } finally {
    progress.stop();
  }
}

function cardOf(
  { parameters, iterations, frames, recipe, seconds }: HmmRunResult,
  { examples, seed, tried }: HmmTrainingConfiguration,
  command: string,
): HmmCard {
  return {
    training: {
      iterations,
      components: parameters.mixtures.logWeights.length,
      examples,
      hoursOfAudio: round((frames * recipe.frameShiftSeconds) / 3600, 2),
      seed,
      hours: round(seconds / 3600, 2),
      machine: describeMachine(),
      date: today(),
      command,
    },
    tried,
  };
}

/** With the flags that decide the result. */
function commandFor(path: string, { corpora, examples, seed }: Options): string {
  const flags = [`--corpora ${corpora.map(pathToShow).join(' ')}`];
  if (examples !== undefined) flags.push(`--examples ${examples}`);
  if (seed !== undefined) flags.push(`--seed ${seed}`);
  return `sori train hmm ${pathToShow(path)} ${flags.join(' ')}`;
}
