import { alignTokens } from './edit-distance.ts';
import { type ErrorRule, type ReferenceSlots, wordErrorRule } from './reference-slots.ts';

/** A word error at its place. */
export type WordError = {
  readonly kind: 'substitution' | 'deletion' | 'insertion';
  /** The word that was said; null where nothing was (an insertion). */
  readonly reference: string | null;
  /** The word that was recognised; null where nothing was (a deletion). */
  readonly hypothesis: string | null;
  /** The word of the reference that it is about, from 0; an insertion stands before it. */
  readonly position: number;
};

export type UnsharedErrors = {
  /** Errors that only the first makes: where it errs, the second does not. */
  readonly onlyFirst: readonly WordError[];
  readonly onlySecond: readonly WordError[];
  /** Places where both err, each in its own way or in the same. */
  readonly shared: number;
};

/**
 * Parts the errors of two hypotheses into those that one makes alone and those that both make: on the
 * same word of the reference, or as insertions between the same two words. Of more insertions in one
 * place than the other has, the surplus is unshared. The errors of the first are `onlyFirst` and `shared`
 * together.
 * @param first the two of the same reference
 */
export function unsharedErrors(
  first: ReferenceSlots,
  second: ReferenceSlots,
  isError: ErrorRule = wordErrorRule,
): UnsharedErrors {
  const onlyFirst: WordError[] = [];
  const onlySecond: WordError[] = [];
  let shared = 0;
  for (let position = 0; position <= first.words.length; position++) {
    const gap = alignTokens(first.inserted[position]!, second.inserted[position]!);
    shared += gap.hits + gap.substitutions;
    for (const { kind, reference, hypothesis } of gap.pairs) {
      if (kind === 'deletion') onlyFirst.push(insertion(reference, position));
      if (kind === 'insertion') onlySecond.push(insertion(hypothesis, position));
    }
    if (position === first.words.length) break;
    const word = first.words[position]!;
    const [one, other] = [first.recognised[position]!, second.recognised[position]!];
    const [firstErrs, secondErrs] = [isError(word, one), isError(word, other)];
    if (firstErrs && secondErrs) shared++;
    else if (firstErrs) onlyFirst.push(miss(word, one, position));
    else if (secondErrs) onlySecond.push(miss(word, other, position));
  }
  return { onlyFirst, onlySecond, shared };
}

function insertion(hypothesis: string, position: number): WordError {
  return { kind: 'insertion', reference: null, hypothesis, position };
}

function miss(reference: string, hypothesis: string | null, position: number): WordError {
  const kind = hypothesis === null ? 'deletion' : 'substitution';
  return { kind, reference, hypothesis, position };
}
