import type { Command } from 'commander';
import { SoriError } from '../errors.ts';
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

type Outcome = TaskOutcome<'transcription'>;

type TranscribeFlags = RecognitionFlags & { readonly json?: true };

export function register(program: Command): void {
  program
    .command('transcribe')
    .description('print the text of recordings (WAV, FLAC, MP3, Ogg Vorbis, Ogg Opus)')
    .argument('<file...>', 'recordings')
    .addOption(modelOption())
    .addOption(decoderOption())
    .addOption(threadsOption())
    .option('--json', 'one JSON object a line, with words, times and confidence')
    .addHelpText(
      'after',
      `
One file gives its text alone, several give "file: text" a line, in the order they were named. A file
that cannot be recognised is reported on standard error, the others are still done, and the exit code
is 1.

Examples:
  $ sori transcribe call.wav
  $ sori transcribe --model models/digits-en --json *.flac`,
    )
    .action(transcribe);
}

async function transcribe(files: string[], flags: TranscribeFlags): Promise<void> {
  const failed = await stoppable(async (signal) => {
    const model = await openModel(flags.model);
    let failures = 0;
    const { decoder, threads } = flags;
    await workThroughRecordings(
      files.map((path) => ({ path })),
      {
        model,
        threads,
        signal,
        taskOf: transcriptionTaskOf(model, decoder),
        onOutcome: inOrder((index, outcome) => {
          const file = files[index]!;
          if (outcome.error !== undefined) {
            failures++;
            process.stderr.write(`error: ${file}: ${outcome.error.message}\n`);
          }
          const line = flags.json
            ? jsonLine(file, model.name, outcome)
            : textLine(file, files.length > 1, outcome);
          if (line !== undefined) console.log(line);
        }),
      },
    );
    return failures;
  });
  if (failed > 0) process.exitCode = 1;
}

function textLine(file: string, named: boolean, { result }: Outcome): string | undefined {
  if (result === undefined) return undefined;
  const { text } = result.hypotheses[0];
  return named ? `${file}: ${text}` : text;
}

function jsonLine(file: string, model: string, { result, error }: Outcome): string {
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
  });
}
