import type { Command } from 'commander';
import type { Hypothesis } from '../decoding/hypothesis.ts';
import { SoriError } from '../errors.ts';
import type { TranscriptionOptions } from '../recognition/request-options.ts';
import { stoppable } from './interrupt.ts';
import {
  decoderOption,
  modelOption,
  openModel,
  type RecognitionFlags,
  threadsOption,
  transcriptionTaskOf,
} from './recognition.ts';
import { inOrder, type TaskOutcome, workThroughRecordings } from './recording-tasks.ts';
import { addSearchOptions, type SearchFlags, transcriptionOptionsOf } from './search-flags.ts';

type Outcome = TaskOutcome<'transcription'>;

type TranscribeFlags = RecognitionFlags & SearchFlags & { readonly json?: true };

export function register(program: Command): void {
  const command = program
    .command('transcribe')
    .description('print the text of recordings (WAV, FLAC, MP3, Ogg Vorbis, Ogg Opus)')
    .argument('<file...>', 'recordings')
    .addOption(modelOption())
    .addOption(decoderOption());
  addSearchOptions(command, { nBest: true })
    .addOption(threadsOption())
    .option('--json', 'one JSON object a line, with words, times and confidence')
    .addHelpText(
      'after',
      `
One file gives its text alone, several give "file: text" a line, in the order they were named. With
--n-best and without --json each hypothesis is a line, behind its score (natural logarithm). A file that cannot be recognised is reported on standard error, the others are still done, and the exit code
is 1.

Examples:
  $ sori transcribe call.wav
  $ sori transcribe call.wav --n-best 5
  $ sori transcribe call.wav --hotword "seven three:4"
  $ sori transcribe call.wav --decoder hmm --grammar telephone.jsgf
  $ sori transcribe --model models/digits-en --json *.flac`,
    )
    .action(transcribe);
}

async function transcribe(files: string[], flags: TranscribeFlags): Promise<void> {
  const failed = await stoppable(async (signal) => {
    const model = await openModel(flags.model);
    let failures = 0;
    const { threads } = flags;
    const options = transcriptionOptionsOf(flags.decoder, flags);
    await workThroughRecordings(
      files.map((path) => ({ path })),
      {
        model,
        threads,
        signal,
        taskOf: transcriptionTaskOf(model, options),
        onOutcome: inOrder((index, outcome) => {
          const file = files[index]!;
          if (outcome.error !== undefined) {
            failures++;
            process.stderr.write(`error: ${file}: ${outcome.error.message}\n`);
          }
          const line = flags.json
            ? jsonLine(file, model.name, options, outcome)
            : textLines(file, files.length > 1, options, outcome);
          if (line !== undefined) console.log(line);
        }),
      },
    );
    return failures;
  });
  if (failed > 0) process.exitCode = 1;
}

function textLines(
  file: string,
  named: boolean,
  { n_best }: TranscriptionOptions,
  { result }: Outcome,
): string | undefined {
  if (result === undefined) return undefined;
  const name = named ? `${file}: ` : '';
  if (n_best === 1) return `${name}${result.hypotheses[0].text}`;
  return result.hypotheses
    .map(({ score, text }) => `${name}${score.toFixed(3)}\t${text}`)
    .join('\n');
}

function jsonLine(
  file: string,
  model: string,
  { n_best }: TranscriptionOptions,
  { result, error }: Outcome,
): string {
  if (error !== undefined) {
    const code = error instanceof SoriError ? error.code : null;
    return JSON.stringify({ file, error: { code, message: error.message } });
  }
  const { text, words, confidence } = result.hypotheses[0];
  return JSON.stringify({
    file,
    text,
    confidence,
    words: words.map(({ word, startSeconds, endSeconds, confidence: wordConfidence }) => ({
      word,
      start: startSeconds,
      end: endSeconds,
      confidence: wordConfidence,
    })),
    model,
    decoder: result.decoder,
    duration: result.durationSeconds,
    ...(n_best > 1 && { hypotheses: result.hypotheses.map(hypothesisJson) }),
  });
}

/** −∞, of what is impossible, is null in JSON. */
function hypothesisJson({ text, confidence, score, scoreParts }: Hypothesis) {
  return { text, confidence, score, score_parts: scoreParts };
}
