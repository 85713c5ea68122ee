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

/** Word and character errors of a hypothesis, and which words they are. */
export function scoreAgainst(reference: string, hypothesis: string): ReferenceScore {
  const alignment = alignTokens(wordsOf(reference), wordsOf(hypothesis));
  return {
    words: {
      ...sumErrors([alignment]),
      edits: alignment.pairs.filter(({ kind }) => kind !== 'hit'),
    },
    characters: characterErrorRate([{ reference, hypothesis }]),
  };
}
