import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { writeWhole } from '../training/write-whole.ts';
import { corporaText } from './compare/corpora-text.ts';
import { type CorpusComparison, compareOnCorpora } from './compare/measure.ts';
import { recordingJson } from './compare/recording-json.ts';
import { recordingText } from './compare/recording-text.ts';
import { reportPage } from './compare/report/page.ts';
import { chooseDecoders, comparisonTaskOf } from './compare/task.ts';
import { UsageError } from './failures.ts';
import { stoppable } from './interrupt.ts';
import { collect, namesBetweenCommas } from './options.ts';
import { type Progress, startProgress } from './progress.ts';
import { modelOption, openModel, threadsOption } from './recognition.ts';
import { inOrder, workThroughRecordings } from './recording-tasks.ts';
import { addSearchOptions, type SearchFlags } from './search-flags.ts';

type CompareFlags = SearchFlags & {
  readonly model?: string;
  readonly decoders?: string[];
  readonly reference?: string;
  readonly manifest?: string[];
  readonly only?: 'all' | 'vocabulary';
  readonly falseWords?: true;
  readonly report?: string;
  readonly threads: number;
  readonly json?: true;
};

export function register(program: Command): void {
  const command = program
    .command('compare')
    .description('compare the model’s decoders on recordings or on whole corpora')
    .argument('[file...]', 'recordings')
    .addOption(modelOption())
    .option(
      '--decoders <names>',
      'which ones, parted by commas; all of the model’s by default',
      namesBetweenCommas,
    )
    .option('--reference <text>', 'what was said in the one recording: gives error rates')
    .option('--manifest <jsonl>', 'clips with their texts; may be repeated', collect)
    .addOption(
      new Option(
        '--only <which>',
        'every clip of the manifests, or those whose words are all in the vocabulary',
      ).choices(['all', 'vocabulary']),
    )
    .option(
      '--false-words',
      'count vocabulary words that nobody said, in manifests of speech outside the vocabulary',
    )
    .option('--report <html>', 'write the comparison on manifests as a page with plots');
  addSearchOptions(command, { nBest: false })
    .addOption(threadsOption())
    .option('--json', 'one JSON object for each recording, or one for the manifests')
    .addHelpText(
      'after',
      `
A recording gives each decoder's text, their words beside each other with times and confidences, scores
and milliseconds. Manifests give error rates of each decoder, how far they agree, the errors that only
one makes, and how likely a difference as large is by chance (matched-pairs test over segments between
words that both have right; counted out exactly where there are fewer than 50 segments).

Examples:
  $ sori compare call.wav
  $ sori compare call.wav --reference "three oh seven" --json
  $ sori compare call.wav --decoders ctc_beam,hmm --grammar telephone.jsgf
  $ sori compare --manifest corpora/an4/dev.jsonl --only vocabulary --report an4.html
  $ sori compare --manifest corpora/librispeech/dev.jsonl --false-words`,
    )
    .action(compare);
}

async function compare(files: string[], flags: CompareFlags): Promise<void> {
  checkUsage(files, flags);
  if (flags.manifest === undefined) await compareFiles(files, flags);
  else await compareManifests(flags.manifest, flags);
}

/** @throws UsageError where flags do not go together */
function checkUsage(files: readonly string[], flags: CompareFlags): void {
  const { manifest, reference, only, falseWords, report } = flags;
  if (files.length > 0 === (manifest !== undefined))
    throw new UsageError('expected recordings or --manifest, one of the two');
  const needless = { '--only': only, '--false-words': falseWords, '--report': report };
  for (const [flag, value] of Object.entries(needless)) {
    if (manifest === undefined && value !== undefined)
      throw new UsageError(`${flag} is about manifests`);
  }
  if (reference !== undefined && files.length !== 1)
    throw new UsageError('--reference is what was said in one recording: name one');
  if (falseWords && only === 'vocabulary')
    throw new UsageError(
      '--false-words is about speech outside the vocabulary: no --only vocabulary',
    );
}

async function compareFiles(files: readonly string[], flags: CompareFlags): Promise<void> {
  const failed = await stoppable(async (signal) => {
    const model = await openModel(flags.model);
    const decoders = chooseDecoders(model, flags.decoders);
    let failures = 0;
    await workThroughRecordings(
      files.map((path) => ({ path })),
      {
        model,
        threads: flags.threads,
        signal,
        taskOf: comparisonTaskOf(model, decoders, flags),
        onOutcome: inOrder((index, outcome) => {
          const file = files[index]!;
          if (outcome.error !== undefined) {
            failures++;
            process.stderr.write(`error: ${file}: ${outcome.error.message}\n`);
          }
          if (flags.json) console.log(recordingJson(file, model.name, outcome));
          else if (outcome.result !== undefined)
            console.log(`${index > 0 ? '\n' : ''}${recordingText(file, outcome.result)}`);
        }),
      },
    );
    return failures;
  });
  if (failed > 0) process.exitCode = 1;
}

async function compareManifests(manifests: string[], flags: CompareFlags): Promise<void> {
  const { report } = flags;
  if (report !== undefined && !existsSync(dirname(report)))
    throw new UsageError(`--report: there is no folder ${dirname(report)}`);
  const comparison = await stoppable((signal) => measureWithProgress(manifests, flags, signal));
  if (flags.json) console.log(JSON.stringify(comparison));
  else console.log(corporaText(comparison));
  if (report !== undefined) await writeWhole(report, reportPage(comparison));
}

async function measureWithProgress(
  manifests: string[],
  flags: CompareFlags,
  signal: AbortSignal,
): Promise<CorpusComparison> {
  let progress: Progress | undefined;
  try {
    const model = await openModel(flags.model);
    return await compareOnCorpora({
      model,
      decoders: chooseDecoders(model, flags.decoders),
      manifests,
      only: flags.only ?? 'all',
      falseWords: flags.falseWords === true,
      search: flags,
      threads: flags.threads,
      signal,
      onProgress: (done, total) => {
        progress ??= startProgress('clips', total);
        progress.update(done);
      },
    });
  } finally {
    progress?.stop();
  }
}
