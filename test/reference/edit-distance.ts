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
  const visit = (i: number, j: number, counts: EditCounts): void => {
    if (i === reference.length && j === hypothesis.length) {
      if (best === undefined || isBetter(counts, best)) best = counts;
      return;
    }
    if (i < reference.length && j < hypothesis.length) {
      const kind = reference[i] === hypothesis[j] ? 'hits' : 'substitutions';
      visit(i + 1, j + 1, { ...counts, [kind]: counts[kind] + 1 });
    }
    if (i < reference.length) visit(i + 1, j, { ...counts, deletions: counts.deletions + 1 });
    if (j < hypothesis.length) visit(i, j + 1, { ...counts, insertions: counts.insertions + 1 });
  };
  visit(0, 0, { hits: 0, substitutions: 0, deletions: 0, insertions: 0 });
  return best!;
}

function isBetter(one: EditCounts, other: EditCounts): boolean {
  const edits = (counts: EditCounts) => counts.substitutions + counts.deletions + counts.insertions;
  return edits(one) !== edits(other) ? edits(one) < edits(other) : one.hits > other.hits;
}
