import { confusionTable } from './confusion.ts';
import { type AlignedPair, alignTokens } from './edit-distance.ts';
import type { EvaluatedUtterance } from './utterance.ts';
import { wordsOf } from './word-error-rate.ts';

/** How much a model with a small vocabulary hears in speech that is mostly outside it. */
export type FalseWords = {
  readonly clips: number;
  readonly audioMinutes: number;
  /** Recognised vocabulary words that nobody said. */
  readonly count: number;
  readonly perMinute: number;
  /** The false words, from frequent to rare. */
  readonly byWord: readonly { readonly word: string; readonly count: number }[];
  /** Vocabulary words that were said … */
  readonly spoken: number;
  /** … and how many of these were recognised. */
  readonly found: number;
};

/**
 * Aligns what was recognised with the vocabulary words of what was said (a book says "one" too, and
 * hearing it there is right): insertions and substitutions are false words. What a word merely sounds
 * like earns nothing: "two" recognised in "to" is false.
 */
export function falseWords(
  utterances: readonly EvaluatedUtterance[],
  vocabulary: readonly string[],
): FalseWords {
  const known = new Set(vocabulary);
  const alignments = utterances.map((utterance) => restrictedAlignment(utterance, known));
  const cells = confusionTable(alignments, vocabulary).cells;
  const counts = new Map<string, number>();
  let found = 0;
  let spoken = 0;
  for (const { reference, hypothesis, count } of cells) {
    if (reference !== null) spoken += count;
    if (reference === hypothesis) found += count;
    else if (hypothesis !== null) counts.set(hypothesis, (counts.get(hypothesis) ?? 0) + count);
  }
  const byWord = vocabulary
    .map((word) => ({ word, count: counts.get(word) ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const count = byWord.reduce((sum, entry) => sum + entry.count, 0);
  const audioMinutes =
    utterances.reduce((sum, { audioSeconds }) => sum + audioSeconds, 0) / secondsPerMinute;
  const perMinute = count === 0 ? 0 : count / audioMinutes;
  return { clips: utterances.length, audioMinutes, count, perMinute, byWord, spoken, found };
}

const secondsPerMinute = 60;

function restrictedAlignment(
  { reference, hypothesis }: EvaluatedUtterance,
  vocabulary: ReadonlySet<string>,
): readonly AlignedPair<string>[] {
  const within = (text: string) => vocabularyWordsOf(text, vocabulary);
  return alignTokens(within(reference), within(hypothesis)).pairs;
}

/** The words of a text that are in the vocabulary. */
export function vocabularyWordsOf(text: string, vocabulary: ReadonlySet<string>): string[] {
  return wordsOf(text).filter((word) => vocabulary.has(word));
}
