import { alignTokens } from './edit-distance.ts';

/** What was made of a text: of each of its words, and between them. */
export type ReferenceSlots = {
  readonly words: readonly string[];
  /** One for each word: what was recognised in its place; null where nothing was. */
  readonly recognised: readonly (string | null)[];
  /** One more than there are words: what was inserted before each word, and after the last. */
  readonly inserted: readonly (readonly string[])[];
};

/** Which of the words that were not recognised as themselves are errors; insertions always are. */
export type ErrorRule = (word: string, recognised: string | null) => boolean;

/** Substitutions, deletions and insertions: what word error rates count. */
export const wordErrorRule: ErrorRule = (word, recognised) => recognised !== word;

/** Words that nobody said, and not those that were missed: what `falseWords` counts. */
export const falseWordRule: ErrorRule = (word, recognised) =>
  recognised !== null && recognised !== word;

/** Sorts a hypothesis into the slots of its reference. */
export function referenceSlots(
  reference: readonly string[],
  hypothesis: readonly string[],
): ReferenceSlots {
  const recognised: (string | null)[] = [];
  const inserted: string[][] = [[]];
  for (const pair of alignTokens(reference, hypothesis).pairs) {
    if (pair.kind === 'insertion') {
      inserted.at(-1)!.push(pair.hypothesis);
    } else {
      recognised.push(pair.hypothesis ?? null);
      inserted.push([]);
    }
  }
  return { words: reference, recognised, inserted };
}
