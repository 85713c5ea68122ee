import { normaliseText } from '../alphabet/definition.ts';
import { countEdits, type EditCounts } from './edit-distance.ts';

/** What was said and what was recognised. */
export type TextPair = { readonly reference: string; readonly hypothesis: string };

/** Edits over any number of utterances. */
export type ErrorRate = EditCounts & {
  /** Substitutions, deletions and insertions. */
  readonly errors: number;
  /** Tokens (words or characters) in the references. */
  readonly referenceLength: number;
  /**
   * errors / referenceLength; 0 where there is neither, infinite (in JSON: null) where there are errors
   * alone.
   */
  readonly rate: number;
};

export type SentenceErrorRate = {
  readonly sentences: number;
  /** Sentences with at least one word error. */
  readonly wrong: number;
  /** wrong / sentences; 0 where there are none. */
  readonly rate: number;
};

/** The words of a text as labels see it: lower case, composed, parted by white space. */
export function wordsOf(text: string): string[] {
  const normal = normaliseText(text);
  return normal === '' ? [] : normal.split(' ');
}

/** The characters (code points) of a text as labels see it, one space between words. */
export function charactersOf(text: string): string[] {
  return Array.from(normaliseText(text));
}

/** Word error rate: word edits of all utterances over the words of all references. */
export function wordErrorRate(pairs: Iterable<TextPair>): ErrorRate {
  return errorRate(pairs, wordsOf);
}

/** Character error rate: the same over characters, spaces between words included. */
export function characterErrorRate(pairs: Iterable<TextPair>): ErrorRate {
  return errorRate(pairs, charactersOf);
}

/** The share of utterances that are not right to the last word. */
export function sentenceErrorRate(pairs: Iterable<TextPair>): SentenceErrorRate {
  let sentences = 0;
  let wrong = 0;
  for (const { reference, hypothesis } of pairs) {
    sentences++;
    if (normaliseText(reference) !== normaliseText(hypothesis)) wrong++;
  }
  return { sentences, wrong, rate: sentences === 0 ? 0 : wrong / sentences };
}

/** Adds up edits and sets them against the references' length. */
export function sumErrors(counts: Iterable<EditCounts>): ErrorRate {
  const sum = { hits: 0, substitutions: 0, deletions: 0, insertions: 0 };
  for (const { hits, substitutions, deletions, insertions } of counts) {
    sum.hits += hits;
    sum.substitutions += substitutions;
    sum.deletions += deletions;
    sum.insertions += insertions;
  }
  const errors = sum.substitutions + sum.deletions + sum.insertions;
  const referenceLength = sum.hits + sum.substitutions + sum.deletions;
  const rate = errors === 0 ? 0 : errors / referenceLength;
  return { ...sum, errors, referenceLength, rate };
}

function errorRate(pairs: Iterable<TextPair>, tokensOf: (text: string) => string[]): ErrorRate {
  const counts: EditCounts[] = [];
  for (const { reference, hypothesis } of pairs) {
    counts.push(countEdits(tokensOf(reference), tokensOf(hypothesis)));
  }
  return sumErrors(counts);
}
