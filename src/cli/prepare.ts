import { type Command, Option } from 'commander';
import { UsageError } from './failures.ts';
import { stoppable } from './interrupt.ts';
import { namesBetweenCommas } from './options.ts';
import { an4 } from './prepare/an4.ts';
import type { Corpus, SourceClip } from './prepare/corpus.ts';
import { fsdd } from './prepare/fsdd.ts';
import { librispeech } from './prepare/librispeech.ts';
import { type SplitSummary, writeManifests } from './prepare/manifests.ts';
import { speechCommands } from './prepare/speech-commands.ts';
import { speechocean762 } from './prepare/speechocean762.ts';
import type { ByteOrder } from './prepare/sphere.ts';
import { registerSynthetic } from './prepare/synthetic.ts';
import { startProgress } from './progress.ts';

const corpora: readonly Corpus[] = [fsdd, speechCommands, an4, speechocean762, librispeech];

type PrepareFlags = {
  source: string;
  out: string;
  devSpeakers?: string[];
  rawByteOrder?: ByteOrder;
};

export function register(program: Command): void {
  const prepare = program
    .command('prepare')
    .description('turn a corpus as its source ships it into train, dev and test manifests')
    .addHelpText(
      'after',
      `
Manifests are JSON lines {audio_filepath, duration, text, speaker, corpus}; recordings stay where they
are and are named relative to the manifest.

Examples:
  $ sori prepare fsdd --source free-spoken-digit-dataset --out corpora/fsdd
  $ sori prepare librispeech --source LibriSpeech/dev-clean --out corpora/librispeech`,
    );
  for (const corpus of corpora) registerCorpus(prepare, corpus);
  registerSynthetic(prepare);
}

function registerCorpus(prepare: Command, corpus: Corpus): void {
  const command = prepare
    .command(corpus.name)
    .description(corpus.summary)
    .requiredOption('--source <folder>', 'the corpus as its source ships it')
    .requiredOption('--out <folder>', 'where the manifests go')
    .addHelpText(
      'after',
      `${corpus.help}

Example:
  $ sori prepare ${corpus.name} --source downloads/${corpus.name} --out corpora/${corpus.name}`,
    )
    .action((flags: PrepareFlags) => prepareCorpus(corpus, flags));
  if (corpus.defaultDevSpeakers !== undefined) {
    command
      .option(
        '--dev-speakers <names>',
        'speakers held out of the training part',
        namesBetweenCommas,
      )
      .addHelpText('after', `\nDev speakers by default: ${corpus.defaultDevSpeakers.join(', ')}`);
  }
  if (corpus.name === 'an4') {
    command.addOption(
      new Option('--raw-byte-order <order>', 'of *.raw recordings').choices(['big', 'little']),
    );
  }
}

async function prepareCorpus(corpus: Corpus, flags: PrepareFlags): Promise<void> {
  await stoppable(async (signal) => {
    const devSpeakers = new Set(flags.devSpeakers ?? corpus.defaultDevSpeakers);
    const clips = await readSource(corpus, flags.source, devSpeakers);
    const progress = startProgress(corpus.name, clips.length);
    try {
      const summaries = await writeManifests(clips, {
        corpus: corpus.name,
        out: flags.out,
        signal,
        onProgress: progress.update,
        ...(flags.rawByteOrder === undefined ? {} : { rawByteOrder: flags.rawByteOrder }),
      });
      progress.stop();
      for (const summary of summaries) console.log(summaryLine(summary));
    } finally {
      progress.stop();
    }
  });
}

/** @throws UsageError where the folder is not there, or lacks what the corpus is known by */
async function readSource(
  corpus: Corpus,
  source: string,
  devSpeakers: ReadonlySet<string>,
): Promise<SourceClip[]> {
  try {
    return await corpus.read(source, { devSpeakers });
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new UsageError(`--source ${source}: there is no ${path}.${corpus.help}`);
  }
}

function summaryLine({ split, clips, hours }: SplitSummary): string {
  return `${split}.jsonl: ${clips} clips, ${hours.toFixed(2)} h`;
}
