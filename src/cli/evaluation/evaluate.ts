import { type FalseWords, falseWords } from '../../evaluation/false-words.ts';
import { type EvaluationScores, scoreUtterances } from '../../evaluation/scores.ts';
import { type Timing, timingOf } from '../../evaluation/timing.ts';
import type { EvaluatedUtterance } from '../../evaluation/utterance.ts';
import { sentenceErrorRate } from '../../evaluation/word-error-rate.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import { passFile, passOf } from '../../recognition/passes.ts';
import type { Recognition } from '../../recognition/recognizer.ts';
import type { TranscriptionOptions } from '../../recognition/request-options.ts';
import type { ManifestRow } from '../../training/data/manifest.ts';
import { transcriptionTaskOf } from '../recognition.ts';
import { today } from '../today.ts';
import { chooseRows, workThroughRows } from './rows.ts';

export type EvaluationOptions = {
  readonly model: ModelFolder;
  readonly manifests: readonly string[];
  /** `vocabulary` keeps the clips whose words are all in the model's vocabulary. */
  readonly only: 'all' | 'vocabulary';
  readonly falseWords: boolean;
  /** What is asked of each recording. */
  readonly asked: TranscriptionOptions;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** How many of the chosen clips are done; called first with none. */
  readonly onProgress: (done: number, total: number) => void;
};

/** What `sori evaluate --json` prints. */
export type EvaluationReport = {
  readonly model: { readonly name: string; readonly sha256: string };
  readonly decoder: string;
  readonly threads: number;
  readonly date: string;
  readonly manifests: readonly string[];
  readonly only: 'all' | 'vocabulary';
  /** Clips in the manifests, before `only` chose among them. */
  readonly clipsListed: number;
  readonly timing: Timing;
  /** Clips that did not come out right. */
  readonly wrong: readonly WrongClip[];
} & (
  | { readonly scores: EvaluationScores; readonly falseWords?: undefined }
  | { readonly scores?: undefined; readonly falseWords: FalseWords }
);

export type WrongClip = {
  readonly audio: string;
  readonly reference: string;
  readonly hypothesis: string;
};

/**
 * Recognises every clip of the manifests and holds it against its text.
 * @throws UsageError where the model has no vocabulary of words and one is asked for
 * @throws Error naming the clips that cannot be recognised: none is left out of a measurement in silence
 */
export async function evaluate(options: EvaluationOptions): Promise<EvaluationReport> {
  const { model } = options;
  const { decoder } = options.asked;
  const { vocabulary, rows, clipsListed } = await chooseRows(options);
  options.onProgress(0, rows.length);
  const start = performance.now();
  const recognitions = await recognizeRows(rows, options);
  const wallSeconds = (performance.now() - start) / 1000;
  const utterances = utterancesOf(rows, recognitions);
  const falseWordsReport = options.falseWords ? falseWords(utterances, vocabulary) : undefined;
  const wrong = rows.flatMap(({ audioPath }, index) => {
    const utterance = utterances[index]!;
    const isWrong = options.falseWords
      ? falseWords([utterance], vocabulary).count > 0
      : sentenceErrorRate([utterance]).wrong > 0;
    const { reference, hypothesis } = utterance;
    return isWrong ? [{ audio: audioPath, reference, hypothesis }] : [];
  });
  const timings = recognitions.map(({ durationSeconds, milliseconds }) => ({
    audioSeconds: durationSeconds,
    stageMilliseconds: milliseconds,
  }));
  return {
    model: { name: model.name, sha256: passFile(model.manifest, passOf(decoder)).sha256 },
    decoder,
    threads: options.threads,
    date: today(),
    manifests: options.manifests,
    only: options.only,
    clipsListed,
    timing: timingOf(timings, wallSeconds),
    wrong,
    ...(falseWordsReport === undefined
      ? { scores: scoreUtterances(utterances, vocabulary) }
      : { falseWords: falseWordsReport }),
  };
}

/** What was said and what was recognised in each row. */
export function utterancesOf(
  rows: readonly ManifestRow[],
  recognitions: readonly Recognition[],
): EvaluatedUtterance[] {
  return rows.map(({ words, corpus, speaker }, index) => ({
    reference: words.join(' '),
    hypothesis: recognitions[index]!.hypotheses[0].text,
    audioSeconds: recognitions[index]!.durationSeconds,
    corpus,
    speaker,
  }));
}

/**
 * Recognises the clip of every row, as clients' recordings are.
 * @throws Error naming the clips that cannot be recognised: none is left out of a measurement in silence
 */
export function recognizeRows(
  rows: readonly ManifestRow[],
  options: Pick<EvaluationOptions, 'model' | 'asked' | 'threads' | 'signal' | 'onProgress'>,
): Promise<Recognition[]> {
  const taskOf = transcriptionTaskOf(options.model, options.asked);
  return workThroughRows(rows, { ...options, taskOf });
}
