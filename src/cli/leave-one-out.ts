import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { vocabularyOf } from '../alphabet/vocabulary.ts';
import { loadModelFolder } from '../recognition/model-folder.ts';
import type { MeasuredErrorRate } from '../recognition/model-manifest.ts';
import type { TrainingConfiguration } from '../training/configuration.ts';
import { findBelow } from '../training/data/load.ts';
import { readManifest } from '../training/data/manifest.ts';
import { textKindOf } from '../training/data/selection.ts';
import {
  manifestsOfCorpus,
  setsOfSpeaker,
  withoutCorpus,
  withoutSpeaker,
} from '../training/hold-out.ts';
import { UsageError } from './failures.ts';
import { stoppable } from './interrupt.ts';
import { measureDevSets } from './model-card/measure.ts';
import { pathToShow } from './model-card/paths.ts';
import { namesBetweenCommas, wholeNumber } from './options.ts';
import { startProgress } from './progress.ts';
import { alignColumns } from './table.ts';
import { trainModel } from './train-model.ts';
import { readTrainingConfiguration } from './training-configuration.ts';

type Options = {
  readonly corpora: string[];
  readonly of: string;
  readonly speakers?: string[];
  readonly steps?: number;
  readonly sharedSteps?: number;
  readonly seed?: number;
  readonly run: string;
  readonly threads?: number;
  readonly dataWorkers: number;
  readonly cache: string;
  readonly json?: true;
};

/** How a model did on a speaker it had never heard. */
type Fold = {
  readonly speaker: string;
  readonly clips: number;
  readonly words: number;
  readonly errors: number;
};

export function register(program: Command): void {
  program
    .command('leave-one-out')
    .description('train once a speaker without that speaker, and measure on that speaker')
    .argument('<configuration>', 'JSON file, as for sori train ctc')
    .requiredOption('--corpora <folders...>', 'folders below which the manifests are found')
    .requiredOption('--of <corpus>', 'the corpus whose speakers are left out: the folder’s name')
    .option('--speakers <names>', 'only these, parted by commas', namesBetweenCommas)
    .option('--steps <count>', 'instead of the configuration’s', wholeNumber(1, 100_000_000))
    .option(
      '--shared-steps <count>',
      'first train without anybody of the corpus; every fold begins there',
      wholeNumber(1, 100_000_000),
    )
    .option('--seed <number>', 'instead of the configuration’s', wholeNumber(0, 2 ** 32 - 1))
    .option('--run <folder>', 'where runs and models are kept', 'runs/leave-one-out')
    .option('--threads <count>', 'threads a shard of the batch', wholeNumber(1, 256))
    .option('--data-workers <count>', 'threads that make batches', wholeNumber(1, 256), 1)
    .option('--cache <folder>', 'decoded recordings', '.cache')
    .option('--json', 'the result as one JSON object')
    .addHelpText(
      'after',
      `
A speaker is left out of all that training reads and of the sets that choose the weights, and all that
the speaker says within the vocabulary is then recognised. With --shared-steps, what training learns from the
other corpora is learnt once, and --steps says how long each fold then goes on with the rest. What was trained before is taken up again, so
that a stopped command goes on where it was.

Example:
  $ sori leave-one-out models/digits-en/training.json --corpora corpora .cache/corpora --of fsdd`,
    )
    .action(leaveOneOut);
}

async function leaveOneOut(path: string, options: Options): Promise<void> {
  // Folds begin with nothing that has heard the speaker.
  const configuration = { ...(await readTrainingConfiguration(path, options)), startShare: 0 };
  const roots = options.corpora.map((folder) => resolve(folder));
  const manifestsOfSpeaker = await manifestsBySpeaker(configuration, options.of, roots);
  const speakers = options.speakers ?? [...manifestsOfSpeaker.keys()].sort();
  const unknown = speakers.find((speaker) => !manifestsOfSpeaker.has(speaker));
  if (unknown !== undefined)
    throw new UsageError(`--speakers: nobody in ${options.of} is ${unknown}`);
  const folds: Fold[] = [];
  await stoppable(async (signal) => {
    const startFrom = await trainShared(configuration, path, { ...options, signal });
    for (const speaker of speakers) {
      process.stderr.write(`without ${speaker}\n`);
      const manifests = manifestsOfSpeaker.get(speaker)!;
      const fold = { ...options, roots, manifests, signal, startFrom };
      folds.push(await trainFold(configuration, speaker, path, fold));
    }
  });
  const total = { speaker: 'all', clips: 0, words: 0, errors: 0 };
  for (const { clips, words, errors } of folds) {
    total.clips += clips;
    total.words += words;
    total.errors += errors;
  }
  if (options.json) console.log(JSON.stringify({ of: options.of, folds, total }));
  else console.log(foldsText([...folds, total]));
}

/**
 * What all folds begin with, if anything: a network that has heard nobody of the corpus.
 * @returns its checkpoint
 */
async function trainShared(
  configuration: TrainingConfiguration,
  path: string,
  options: Options & { readonly signal: AbortSignal },
): Promise<string | undefined> {
  const { of, run, sharedSteps } = options;
  if (sharedSteps === undefined) return undefined;
  process.stderr.write(`without ${of}\n`);
  const shared = { ...withoutCorpus(configuration, of), steps: sharedSteps };
  const runFolder = join(run, shared.name);
  await trainModel(shared, {
    ...options,
    modelFolder: join(run, 'models', shared.name),
    runFolder,
    resume: true,
    threads: options.threads,
    command: `sori leave-one-out ${pathToShow(path)} --of ${of} --shared-steps ${sharedSteps}`,
  });
  return join(runFolder, 'checkpoint.bin');
}

async function trainFold(
  configuration: TrainingConfiguration,
  speaker: string,
  path: string,
  options: Options & {
    readonly roots: readonly string[];
    readonly manifests: readonly string[];
    readonly signal: AbortSignal;
    readonly startFrom: string | undefined;
  },
): Promise<Fold> {
  const { of, run, roots, manifests, signal } = options;
  const without = withoutSpeaker(configuration, of, speaker);
  const modelFolder = join(run, 'models', without.name);
  await trainModel(without, {
    ...options,
    modelFolder,
    runFolder: join(run, without.name),
    resume: true,
    threads: options.threads,
    command: `sori leave-one-out ${pathToShow(path)} --of ${of} --speakers ${speaker}`,
  });
  const progress = startProgress('clips', 1);
  try {
    const rates = await measureDevSets(setsOfSpeaker(manifests, speaker), {
      model: await loadModelFolder(modelFolder),
      decoder: 'ctc_greedy',
      folder: modelFolder,
      corporaRoots: roots,
      threads: configuration.shards,
      signal,
      onProgress: (done, total) => progress.update(done / total),
    });
    return foldOf(speaker, rates);
  } finally {
    progress.stop();
  }
}

function foldOf(speaker: string, rates: readonly MeasuredErrorRate[]): Fold {
  const fold = { speaker, clips: 0, words: 0, errors: 0 };
  for (const rate of rates) {
    if (rate.score !== 'wordErrors') continue;
    fold.clips += rate.clips;
    fold.words += rate.words;
    fold.errors += rate.substitutions + rate.deletions + rate.insertions;
  }
  return fold;
}

/** The speakers of a corpus, each with the manifests that have something said within the vocabulary. */
async function manifestsBySpeaker(
  configuration: TrainingConfiguration,
  corpus: string,
  roots: readonly string[],
): Promise<Map<string, string[]>> {
  const vocabulary = vocabularyOf(configuration.alphabet);
  const manifests = new Map<string, string[]>();
  for (const manifest of manifestsOfCorpus(configuration, corpus)) {
    const { rows } = await readManifest(await findBelow(roots, manifest));
    const inside = rows.filter(({ words }) => textKindOf(words, vocabulary) === 'inside');
    for (const speaker of new Set(inside.map((row) => row.speaker))) {
      manifests.set(speaker, [...(manifests.get(speaker) ?? []), manifest]);
    }
  }
  if (manifests.size < 2) {
    throw new UsageError(
      `--of ${corpus}: expected a corpus of the configuration with two speakers`,
    );
  }
  return manifests;
}

function foldsText(folds: readonly Fold[]): string {
  const percent = ({ errors, words }: Fold) => `${((100 * errors) / words).toFixed(2)} %`;
  return alignColumns([
    ['left out', 'clips', 'words', 'errors', 'WER'],
    ...folds.map((fold) => [
      fold.speaker,
      String(fold.clips),
      String(fold.words),
      String(fold.errors),
      percent(fold),
    ]),
  ]).join('\n');
}
