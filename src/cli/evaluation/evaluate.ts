import { vocabularyOf } from '../../alphabet/vocabulary.ts';
import { type FalseWords, falseWords } from '../../evaluation/false-words.ts';
import { type EvaluationScores, scoreUtterances } from '../../evaluation/scores.ts';
import { type Timing, timingOf } from '../../evaluation/timing.ts';
import type { EvaluatedUtterance } from '../../evaluation/utterance.ts';
import { sentenceErrorRate } from '../../evaluation/word-error-rate.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import type { Recognition } from '../../recognition/recognizer.ts';
import { type ManifestRow, readManifest } from '../../training/data/manifest.ts';
import { UsageError } from '../failures.ts';
import { type RecognitionFlags, recognizeAll } from '../recognition.ts';

export type EvaluationOptions = Omit<RecognitionFlags, 'model'> & {
  readonly model: ModelFolder;
  readonly manifests: readonly string[];
  /** `vocabulary` keeps the clips whose words are all in the model's vocabulary. */
  readonly only: 'all' | 'vocabulary';
  readonly falseWords: boolean;
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

const faultsShown = 20;

/**
 * Recognises every clip of the manifests and holds it against its text.
 * @throws UsageError where the model has no vocabulary of words and one is asked for
 * @throws Error naming the clips that cannot be recognised: none is left out of a measurement in silence
 */
export async function evaluate(options: EvaluationOptions): Promise<EvaluationReport> {
  const { model } = options;
  const vocabulary = [...(vocabularyOf(model.manifest.alphabet) ?? [])];
  if (vocabulary.length === 0 && (options.only === 'vocabulary' || options.falseWords))
    throw new UsageError(`model ${model.name} has labels of characters, not a vocabulary of words`);
  const listed = await readRows(options.manifests);
  const rows = options.only === 'vocabulary' ? listed.filter(within(vocabulary)) : listed;
  if (rows.length === 0)
    throw new Error(
      `none of the ${listed.length} clips of ${options.manifests.join(', ')} is to be evaluated`,
    );
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
    model: { name: model.name, sha256: model.manifest.ctc.sha256 },
    decoder: options.decoder,
    threads: options.threads,
    date: new Date().toISOString().slice(0, 'yyyy-mm-dd'.length),
    manifests: options.manifests,
    only: options.only,
    clipsListed: listed.length,
    timing: timingOf(timings, wallSeconds),
    wrong,
    ...(falseWordsReport === undefined
      ? { scores: scoreUtterances(utterances, vocabulary) }
      : { falseWords: falseWordsReport }),
  };
}

async function readRows(manifests: readonly string[]): Promise<ManifestRow[]> {
  const read = await Promise.all(manifests.map(readManifest));
  return read.flatMap(({ rows }) => rows);
}

/** Whether a clip has words and all of them are in the vocabulary. */
function within(vocabulary: readonly string[]): (row: ManifestRow) => boolean {
  const known = new Set(vocabulary);
  return ({ words }) => words.length > 0 && words.every((word) => known.has(word));
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
export async function recognizeRows(
  rows: readonly ManifestRow[],
  options: Pick<EvaluationOptions, 'model' | 'decoder' | 'threads' | 'signal' | 'onProgress'>,
): Promise<Recognition[]> {
  const { model, decoder, threads, signal, onProgress } = options;
  const recognitions = new Array<Recognition>(rows.length);
  const faults: string[] = [];
  let done = 0;
  const parts = rows.map(({ audioPath, offsetSeconds, seconds }) => ({
    path: audioPath,
    offsetSeconds,
    seconds,
  }));
  await recognizeAll(parts, {
    model,
    decoder,
    threads,
    signal,
    onOutcome: (index, { recognition, error }) => {
      if (error === undefined) recognitions[index] = recognition;
      else faults.push(`  ${parts[index]!.path}: ${error.message}`);
      done++;
      onProgress(done, rows.length);
    },
  });
  if (faults.length > 0) {
    const more = faults.length > faultsShown ? [`  and ${faults.length - faultsShown} more`] : [];
    const list = [...faults.slice(0, faultsShown), ...more].join('\n');
    throw new Error(`${faults.length} of ${rows.length} clips cannot be recognised:\n${list}`);
  }
  return recognitions;
}
