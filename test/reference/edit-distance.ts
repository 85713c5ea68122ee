import type { EditCounts } from '../../src/evaluation/edit-distance.ts';

/**
 * Every way to align two short sequences, tried one by one: the counts with the fewest edits and, at
 * equal edits, the most hits. Exponential.
 */
export function bruteForceEditCounts(
  reference: readonly string[],
  hypothesis: readonly string[],
): EditCounts {
  let best: EditCounts | undefined;
  for (const { counts } of everyAlignment(reference, hypothesis)) {
    if (best === undefined || isBetter(counts, best)) best = counts;
  }
  return best!;
}

/** The least sum of distances of pairs that an alignment with these counts can have. Exponential. */
export function bruteForceDistance(
  reference: readonly string[],
  hypothesis: readonly string[],
  distance: (i: number, j: number) => number,
  counts: EditCounts,
): number {
  let least = Number.POSITIVE_INFINITY;
  for (const alignment of everyAlignment(reference, hypothesis)) {
    const same = countNames.every((name) => alignment.counts[name] === counts[name]);
    const sum = alignment.paired.reduce((total, [i, j]) => total + distance(i, j), 0);
    if (same) least = Math.min(least, sum);
  }
  return least;
}

const countNames = ['hits', 'substitutions', 'deletions', 'insertions'] as const;

type Way = { readonly counts: EditCounts; readonly paired: readonly (readonly [number, number])[] };

function everyAlignment(reference: readonly string[], hypothesis: readonly string[]): Way[] {
  const ways: Way[] = [];
  const visit = (i: number, j: number, { counts, paired }: Way): void => {
    if (i === reference.length && j === hypothesis.length) {
      ways.push({ counts, paired });
      return;
    }
    const plusOne = (name: keyof EditCounts) => ({ ...counts, [name]: counts[name] + 1 });
    if (i < reference.length && j < hypothesis.length) {
      const kind = reference[i] === hypothesis[j] ? 'hits' : 'substitutions';
      visit(i + 1, j + 1, { counts: plusOne(kind), paired: [...paired, [i, j]] });
    }
    if (i < reference.length) visit(i + 1, j, { counts: plusOne('deletions'), paired });
    if (j < hypothesis.length) visit(i, j + 1, { counts: plusOne('insertions'), paired });
  };
  visit(0, 0, {
    counts: { hits: 0, substitutions: 0, deletions: 0, insertions: 0 },
    paired: [],
  });
  return ways;
}

function isBetter(one: EditCounts, other: EditCounts): boolean {
  const edits = (counts: EditCounts) => counts.substitutions + counts.deletions + counts.insertions;
  return edits(one) !== edits(other) ? edits(one) < edits(other) : one.hits > other.hits;
}
