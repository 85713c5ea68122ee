import { SoriError } from '../errors.ts';
import { type AlignedPair, alignTokens } from '../evaluation/edit-distance.ts';
import {
  characterErrorRate,
  type ErrorRate,
  sumErrors,
  wordsOf,
} from '../evaluation/word-error-rate.ts';

/** How a text differs from what was said. */
export type ReferenceScore = {
  readonly words: ErrorRate & {
    /** The columns of the alignment that are no hits, in order. */
    readonly edits: readonly AlignedPair<string>[];
  };
  readonly characters: ErrorRate;
};

/**
 * Pairs of tokens that an alignment may look at: it takes a quarter of a byte and some nanoseconds each.
 * Ten minutes of words as short as they can be stay below it.
 */
const mostPairs = 2 ** 30;

/** @throws SoriError audio_too_long where two sequences are too long to be aligned */
export function checkAlignable(first: number, second: number): void {
  if (first * second > mostPairs)
    throw new SoriError(
      'audio_too_long',
      `expected a recording whose texts can be aligned, got texts of ${first} and ${second} words or characters`,
      { param: 'file' },
    );
}

/**
 * Word and character errors of a hypothesis, and which words they are.
 * @throws SoriError audio_too_long
 */
export function scoreAgainst(reference: string, hypothesis: string): ReferenceScore {
  checkAlignable(reference.length, hypothesis.length);
  const alignment = alignTokens(wordsOf(reference), wordsOf(hypothesis));
  return {
    words: {
      ...sumErrors([alignment]),
      edits: alignment.pairs.filter(({ kind }) => kind !== 'hit'),
    },
    characters: characterErrorRate([{ reference, hypothesis }]),
  };
}
