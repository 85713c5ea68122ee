import { type Command, Option } from 'commander';
import { type EvaluationReport, evaluate } from './evaluation/evaluate.ts';
import { reportText } from './evaluation/report-text.ts';
import { UsageError } from './failures.ts';
import { stoppable } from './interrupt.ts';
import { collect } from './options.ts';
import { type Progress, startProgress } from './progress.ts';
import {
  decoderOption,
  modelOption,
  openModel,
  type RecognitionFlags,
  threadsOption,
} from './recognition.ts';
import { addSearchOptions, type SearchFlags, transcriptionOptionsOf } from './search-flags.ts';

type EvaluateFlags = RecognitionFlags &
  SearchFlags & {
    readonly manifest: string[];
    readonly only: 'all' | 'vocabulary';
    readonly falseWords?: true;
    readonly listWrong?: true;
    readonly json?: true;
  };

export function register(program: Command): void {
  const command = program
    .command('evaluate')
    .description('measure word, character and sentence error rates on manifests')
    .addOption(modelOption())
    .requiredOption('--manifest <jsonl>', 'clips with their texts; may be repeated', collect)
    .addOption(
      new Option('--only <which>', 'every clip, or those whose words are all in the vocabulary')
        .choices(['all', 'vocabulary'])
        .default('all'),
    )
    .option(
      '--false-words',
      'count vocabulary words that nobody said, by the minute, in speech outside the vocabulary',
    )
    .addOption(decoderOption());
  addSearchOptions(command, { nBest: false })
    .addOption(threadsOption())
    .option('--list-wrong', 'list the clips that did not come out right')
    .option('--json', 'the whole report as one JSON object')
    .addHelpText(
      'after',
      `
Rates are errors of all clips over words (characters) of all texts. A vocabulary word that the text of
a clip has too is not false: --false-words aligns what was recognised with the vocabulary words of the
text and counts insertions and substitutions.

Examples:
  $ sori evaluate --model digits-en --manifest corpora/fsdd/dev.jsonl
  $ sori evaluate --manifest corpora/an4/dev.jsonl --only vocabulary --list-wrong
  $ sori evaluate --manifest corpora/an4/dev.jsonl --only vocabulary --decoder ctc_beam --beam-width 50
  $ sori evaluate --manifest corpora/librispeech/dev.jsonl --false-words --json`,
    )
    .action(runEvaluate);
}

async function runEvaluate(flags: EvaluateFlags): Promise<void> {
  if (flags.falseWords && flags.only === 'vocabulary')
    throw new UsageError(
      '--false-words is about speech outside the vocabulary: no --only vocabulary',
    );
  const report = await stoppable((signal) => evaluateWithProgress(flags, signal));
  if (flags.json) console.log(JSON.stringify(report));
  else console.log(reportText(report, flags.listWrong === true));
}

async function evaluateWithProgress(
  flags: EvaluateFlags,
  signal: AbortSignal,
): Promise<EvaluationReport> {
  let progress: Progress | undefined;
  try {
    return await evaluate({
      model: await openModel(flags.model),
      manifests: flags.manifest,
      only: flags.only,
      falseWords: flags.falseWords === true,
      asked: transcriptionOptionsOf(flags.decoder, flags),
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
