import type { AlignedPair } from './edit-distance.ts';

/** How often one word was recognised where another was said. */
export type Confusion = {
  /** The word that was said; null where nothing was (an insertion). */
  readonly reference: string | null;
  /** The word that was recognised; null where nothing was (a deletion). */
  readonly hypothesis: string | null;
  readonly count: number;
};

export type ConfusionTable = {
  /** Every word that was said or recognised: the rows and columns, in the order of the vocabulary. */
  readonly words: readonly string[];
  /** The cells that are not zero: hits, then errors, each from frequent to rare, then by word. */
  readonly cells: readonly Confusion[];
};

/**
 * Counts the columns of many alignments.
 * @param vocabulary the order of the words; words outside it follow in code point order
 */
export function confusionTable(
  alignments: Iterable<readonly AlignedPair<string>[]>,
  vocabulary: readonly string[] = [],
): ConfusionTable {
  const rows = new Map<string | null, Map<string | null, number>>();
  const seen = new Set<string>();
  for (const pairs of alignments) {
    for (const { reference = null, hypothesis = null } of pairs) {
      const row = rows.get(reference) ?? new Map<string | null, number>();
      rows.set(reference, row);
      row.set(hypothesis, (row.get(hypothesis) ?? 0) + 1);
      for (const word of [reference, hypothesis]) if (word !== null) seen.add(word);
    }
  }
  const known = vocabulary.filter((word) => seen.delete(word));
  const words = [...known, ...[...seen].sort(byCodePoints)];
  const order = new Map<string | null, number>(words.map((word, index) => [word, index]));
  const place = (word: string | null): number => order.get(word) ?? words.length;
  const cells = [...rows].flatMap(([reference, row]) =>
    [...row].map(([hypothesis, count]): Confusion => ({ reference, hypothesis, count })),
  );
  cells.sort(
    (a, b) =>
      Number(isError(a)) - Number(isError(b)) ||
      b.count - a.count ||
      place(a.reference) - place(b.reference) ||
      place(a.hypothesis) - place(b.hypothesis),
  );
  return { words, cells };
}

export function isError({ reference, hypothesis }: Confusion): boolean {
  return reference !== hypothesis;
}

function byCodePoints(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
