import { alignTokens } from './edit-distance.ts';

/** What was made of a text: of each of its words, and between them. */
export type ReferenceSlots = {
  readonly words: readonly string[];
  /** One for each word: what was recognised in its place; null where nothing was. */
  readonly recognised: readonly (string | null)[];
  /** One more than there are words: what was inserted before each word, and after the last. */
  readonly inserted: readonly (readonly string[])[];
};

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
