import { describe, expect, it } from 'vitest';
import { alignTokens, countEdits } from '../../src/evaluation/edit-distance.ts';
import { Random } from '../../src/math/random.ts';
import { bruteForceDistance, bruteForceEditCounts } from '../reference/edit-distance.ts';

const words = (text: string) => text.split(' ').filter((word) => word !== '');

describe('alignTokens', () => {
  it('finds nothing to edit in equal sequences', () => {
    expect(alignTokens(words('one two two'), words('one two two'))).toEqual({
      hits: 3,
      substitutions: 0,
      deletions: 0,
      insertions: 0,
      pairs: [
        { kind: 'hit', reference: 'one', hypothesis: 'one' },
        { kind: 'hit', reference: 'two', hypothesis: 'two' },
        { kind: 'hit', reference: 'two', hypothesis: 'two' },
      ],
    });
  });

  it('names each substitution, deletion and insertion in order', () => {
    const alignment = alignTokens(words('four oh six seven'), words('one four six eleven'));
    expect(alignment.pairs).toEqual([
      { kind: 'insertion', reference: undefined, hypothesis: 'one' },
      { kind: 'hit', reference: 'four', hypothesis: 'four' },
      { kind: 'deletion', reference: 'oh', hypothesis: undefined },
      { kind: 'hit', reference: 'six', hypothesis: 'six' },
      { kind: 'substitution', reference: 'seven', hypothesis: 'eleven' },
    ]);
  });

  it('prefers a hit between an insertion and a deletion to two substitutions', () => {
    const { hits, substitutions, deletions, insertions } = alignTokens(words('a b'), words('b c'));
    expect([hits, substitutions, deletions, insertions]).toEqual([1, 0, 1, 1]);
  });

  it('counts every token of the other side when one side is empty', () => {
    expect(alignTokens([], words('a b'))).toMatchObject({ insertions: 2, deletions: 0, hits: 0 });
    expect(alignTokens(words('a b'), [])).toMatchObject({ insertions: 0, deletions: 2, hits: 0 });
    expect(alignTokens([], []).pairs).toEqual([]);
  });

  it('takes label indices in a typed array', () => {
    const alignment = alignTokens(Int32Array.of(3, 1, 4), Int32Array.of(3, 4));
    expect(alignment).toMatchObject({ hits: 2, deletions: 1, substitutions: 0, insertions: 0 });
  });

  it('agrees with every alignment tried one by one on random short sequences', () => {
    const random = new Random(1);
    const sequence = () =>
      Array.from({ length: random.integer(7) }, () => random.pick(words('a b c')));
    for (let trial = 0; trial < 300; trial++) {
      const reference = sequence();
      const hypothesis = sequence();
      const { pairs, ...counts } = alignTokens(reference, hypothesis);
      expect(counts).toEqual(bruteForceEditCounts(reference, hypothesis));
      expect(countEdits(reference, hypothesis)).toEqual(counts);
      expect(pairs.flatMap((pair) => pair.reference ?? [])).toEqual(reference);
      expect(pairs.flatMap((pair) => pair.hypothesis ?? [])).toEqual(hypothesis);
      const kinds = pairs.map((pair) => pair.kind);
      expect(kinds.filter((kind) => kind === 'hit')).toHaveLength(counts.hits);
      expect(kinds.filter((kind) => kind === 'substitution')).toHaveLength(counts.substitutions);
      for (const pair of pairs) {
        if (pair.kind === 'hit') expect(pair.hypothesis).toBe(pair.reference);
        if (pair.kind === 'substitution') expect(pair.hypothesis).not.toBe(pair.reference);
      }
    }
  });

  it('leaves the counts as they are and finds the nearest pairs when it is told distances', () => {
    const random = new Random(5);
    const sequence = () =>
      Array.from({ length: random.integer(6) }, () => random.pick(words('a b')));
    for (let trial = 0; trial < 200; trial++) {
      const reference = sequence();
      const hypothesis = sequence();
      const distances = reference.map(() => hypothesis.map(() => random.next()));
      const distance = (i: number, j: number) => distances[i]![j]!;
      const { pairs, ...counts } = alignTokens(reference, hypothesis, distance);
      const best = bruteForceEditCounts(reference, hypothesis);
      expect(counts).toEqual(best);
      let [i, j, sum] = [0, 0, 0];
      for (const { kind } of pairs) {
        if (kind === 'hit' || kind === 'substitution') sum += distance(i, j);
        if (kind !== 'insertion') i++;
        if (kind !== 'deletion') j++;
      }
      expect(sum).toBeCloseTo(bruteForceDistance(reference, hypothesis, distance, best), 9);
    }
  });
});
