import { resolve } from 'node:path';
import { type Vocabulary, vocabularyOf } from '../../alphabet/vocabulary.ts';
import type { DecoderName } from '../../decoding/decoder.ts';
import { falseWords } from '../../evaluation/false-words.ts';
import { scoreUtterances } from '../../evaluation/scores.ts';
import type { EvaluatedUtterance } from '../../evaluation/utterance.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import type { MeasuredErrorRate } from '../../recognition/model-manifest.ts';
import type { DevSetConfig } from '../../training/configuration.ts';
import { findBelow } from '../../training/data/load.ts';
import { type ManifestRow, readManifest } from '../../training/data/manifest.ts';
import { isSelected } from '../../training/data/selection.ts';
import { round } from '../../training/export-model.ts';
import { recognizeRows, utterancesOf } from '../evaluation/evaluate.ts';
import { transcriptionOptionsOf } from '../search-flags.ts';
import { today } from '../today.ts';
import { pathToShow } from './paths.ts';

export type MeasureOptions = {
  readonly model: ModelFolder;
  readonly decoder: DecoderName;
  /** The model's folder, for the command that measures anew. */
  readonly folder: string;
  readonly corporaRoots: readonly string[];
  readonly threads: number;
  readonly signal: AbortSignal;
  /** How many of all clips are done; called first with none. */
  readonly onProgress: (done: number, total: number) => void;
};

/**
 * Measures the dev sets of a training configuration on a finished model: the clips that training
 * evaluated it on, but recognised from their files as clients' recordings are.
 * @throws Error if a set is in none of the roots, is empty, or has clips that cannot be recognised
 */
export async function measureDevSets(
  sets: readonly DevSetConfig[],
  options: MeasureOptions,
): Promise<MeasuredErrorRate[]> {
  const { decoder } = options;
  const vocabulary = vocabularyOf(options.model.manifest.alphabet);
  const found: FoundSet[] = [];
  for (const set of sets) found.push(await findSet(set, options.corporaRoots, vocabulary));
  const rows = found.flatMap((set) => set.rows);
  options.onProgress(0, rows.length);
  const asked = transcriptionOptionsOf(decoder);
  const utterances = utterancesOf(rows, await recognizeRows(rows, { ...options, asked }));
  let first = 0;
  return found.map(({ config, manifestPath, rows: { length } }) => {
    const members = utterances.slice(first, first + length);
    first += length;
    return {
      ...scoreOf(config, members, [...(vocabulary ?? [])]),
      ...(config.goal === undefined ? {} : { goal: config.goal }),
      choseWeights: config.weight > 0,
      decoder,
      date: today(),
      command: commandFor(config, options, manifestPath),
    };
  });
}

/** A dev set and its clips. */
export type FoundSet = {
  readonly config: DevSetConfig;
  readonly manifestPath: string;
  readonly rows: readonly ManifestRow[];
};

/** @throws Error if a set is in none of the roots, or is empty */
export async function findSet(
  config: DevSetConfig,
  roots: readonly string[],
  vocabulary: Vocabulary,
): Promise<FoundSet> {
  const manifestPath = await findBelow(roots, config.manifest);
  const manifest = await readManifest(manifestPath);
  const rows = manifest.rows.filter((row) => isSelected(row, config, vocabulary));
  if (rows.length === 0) throw new Error(`no clip of ${manifestPath} is in dev set ${config.name}`);
  if (config.score === 'wordErrors' && rows.every(({ words }) => words.length === 0))
    throw new Error(`no clip of dev set ${config.name} has a word: nothing can be wrong in it`);
  return { config, manifestPath, rows };
}

type Score<Rate> = Rate extends unknown
  ? Omit<Rate, 'goal' | 'choseWeights' | 'decoder' | 'date' | 'command'>
  : never;

function scoreOf(
  { name, score }: DevSetConfig,
  utterances: readonly EvaluatedUtterance[],
  vocabulary: readonly string[],
): Score<MeasuredErrorRate> {
  if (score === 'falseWords') {
    const { clips, audioMinutes, count, perMinute } = falseWords(utterances, vocabulary);
    return {
      score,
      set: name,
      clips,
      minutes: round(audioMinutes, 3),
      falseWords: count,
      falseWordsPerMinute: perMinute,
    };
  }
  const { clips, audioMinutes, words, sentences } = scoreUtterances(utterances).total;
  return {
    score,
    set: name,
    clips,
    minutes: round(audioMinutes, 3),
    words: words.referenceLength,
    wordErrorRate: words.rate,
    substitutions: words.substitutions,
    deletions: words.deletions,
    insertions: words.insertions,
    sentenceErrorRate: sentences.rate,
  };
}

/** `sori evaluate` on that set alone, where its flags can say which clips are in it; else `sori card`. */
function commandFor(set: DevSetConfig, options: MeasureOptions, manifestPath: string): string {
  const folder = pathToShow(options.folder);
  const flag = flagFor(set);
  if (flag === undefined) return cardCommand(folder, options.corporaRoots);
  const root = options.corporaRoots.find((path) => resolve(path, set.manifest) === manifestPath)!;
  const manifest = `${pathToShow(root)}/${set.manifest}`;
  const decoder = options.decoder === 'ctc_greedy' ? '' : ` --decoder ${options.decoder}`;
  return `sori evaluate --model ${folder} --manifest ${manifest}${flag}${decoder}`;
}

/** What makes `sori evaluate` choose the set's clips and its score. */
function flagFor(set: DevSetConfig): string | undefined {
  const { text, score, speakers, excludeSpeakers, excludeWords, minWords, maxWords } = set;
  const isNarrowed =
    speakers !== undefined ||
    excludeSpeakers.length > 0 ||
    excludeWords.length > 0 ||
    minWords > 0 ||
    maxWords !== undefined ||
    set.minSeconds > 0 ||
    set.maxSeconds !== undefined;
  if (isNarrowed) return undefined;
  if (score === 'falseWords') return text === 'any' ? ' --false-words' : undefined;
  if (text === 'inside') return ' --only vocabulary';
  return text === 'any' ? '' : undefined;
}

function cardCommand(folder: string, corporaRoots: readonly string[]): string {
  return `sori card ${folder} --corpora ${corporaRoots.map(pathToShow).join(' ')}`;
}
