import type { HypothesisWord } from '../decoding/hypothesis.ts';
import { alignTokens, type EditCounts } from './edit-distance.ts';
import { wordsOf } from './word-error-rate.ts';

/** One column of two hypotheses side by side: in each, a word or nothing. */
export type WordPair =
  | { readonly first: HypothesisWord; readonly second: HypothesisWord; readonly same: boolean }
  | { readonly first: HypothesisWord; readonly second: null; readonly same: false }
  | { readonly first: null; readonly second: HypothesisWord; readonly same: false };

/**
 * Two hypotheses of one recording word by word, in order: as few differences as possible and, where that
 * leaves a choice (one of two equal words is missing, say), words that were said at the same time.
 */
export function alignHypotheses(
  first: readonly HypothesisWord[],
  second: readonly HypothesisWord[],
): WordPair[] {
  const spanSeconds = Math.max(0, ...[...first, ...second].map(({ endSeconds }) => endSeconds));
  const apart = (i: number, j: number): number =>
    spanSeconds > 0 ? Math.abs(middleOf(first[i]!) - middleOf(second[j]!)) / spanSeconds : 0;
  const { pairs } = alignTokens(first.map(spelling), second.map(spelling), apart);
  let i = 0;
  let j = 0;
  return pairs.map(({ kind }): WordPair => {
    if (kind === 'deletion') return { first: first[i++]!, second: null, same: false };
    if (kind === 'insertion') return { first: null, second: second[j++]!, same: false };
    return { first: first[i++]!, second: second[j++]!, same: kind === 'hit' };
  });
}

function middleOf({ startSeconds, endSeconds }: HypothesisWord): number {
  return (startSeconds + endSeconds) / 2;
}

function spelling({ word }: HypothesisWord): string {
  return word;
}

/**
 * How far two texts agree, in [0, 1]: the words that both have over the columns of their alignment (the
 * words that both have, and those that either has alone or differently). 1 for two empty texts; the same
 * whichever comes first.
 */
export function agreement(first: string, second: string): number {
  return agreementOf([alignTokens(wordsOf(first), wordsOf(second))]);
}

/** `agreement` over many pairs of texts: every column weighs the same. */
export function agreementOf(alignments: Iterable<EditCounts>): number {
  let same = 0;
  let columns = 0;
  for (const { hits, substitutions, deletions, insertions } of alignments) {
    same += hits;
    columns += hits + substitutions + deletions + insertions;
  }
  return columns === 0 ? 1 : same / columns;
}
