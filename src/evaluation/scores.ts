import { type ConfusionTable, confusionTable } from './confusion.ts';
import { type Alignment, alignTokens } from './edit-distance.ts';
import type { EvaluatedUtterance } from './utterance.ts';
import {
  characterErrorRate,
  type ErrorRate,
  type SentenceErrorRate,
  sentenceErrorRate,
  sumErrors,
  wordsOf,
} from './word-error-rate.ts';

/** The error rates of some utterances. */
export type Scores = {
  readonly clips: number;
  readonly audioMinutes: number;
  readonly words: ErrorRate;
  readonly characters: ErrorRate;
  readonly sentences: SentenceErrorRate;
};

export type NamedScores = Scores & { readonly name: string };

export type EvaluationScores = {
  readonly total: Scores;
  /** By corpus, in the order in which they came. */
  readonly corpora: readonly NamedScores[];
  /** By speaker (`corpus/speaker`), most word errors by rate first. */
  readonly speakers: readonly NamedScores[];
  readonly confusion: ConfusionTable;
};

/**
 * Scores every utterance, in all and by group.
 * @param vocabulary the order of the confusion table
 */
export function scoreUtterances(
  utterances: readonly EvaluatedUtterance[],
  vocabulary: readonly string[] = [],
): EvaluationScores {
  const aligned = utterances.map((utterance) => ({
    utterance,
    alignment: alignTokens(wordsOf(utterance.reference), wordsOf(utterance.hypothesis)),
  }));
  const speakers = groupScores(aligned, ({ corpus, speaker }) => `${corpus}/${speaker}`);
  speakers.sort((a, b) => b.words.rate - a.words.rate || (a.name < b.name ? -1 : 1));
  return {
    total: scoresOf(aligned),
    corpora: groupScores(aligned, ({ corpus }) => corpus),
    speakers,
    confusion: confusionTable(
      aligned.map(({ alignment }) => alignment.pairs),
      vocabulary,
    ),
  };
}

type Aligned = { readonly utterance: EvaluatedUtterance; readonly alignment: Alignment<string> };

function groupScores(
  aligned: readonly Aligned[],
  nameOf: (utterance: EvaluatedUtterance) => string,
): NamedScores[] {
  const groups = Map.groupBy(aligned, ({ utterance }) => nameOf(utterance));
  return [...groups].map(([name, members]) => ({ name, ...scoresOf(members) }));
}

function scoresOf(aligned: readonly Aligned[]): Scores {
  const utterances = aligned.map(({ utterance }) => utterance);
  return {
    clips: aligned.length,
    audioMinutes: utterances.reduce((sum, { audioSeconds }) => sum + audioSeconds, 0) / 60,
    words: sumErrors(aligned.map(({ alignment }) => alignment)),
    characters: characterErrorRate(utterances),
    sentences: sentenceErrorRate(utterances),
  };
}
