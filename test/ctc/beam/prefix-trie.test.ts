import { describe, expect, it } from 'vitest';
import { PrefixTrie } from '../../../src/ctc/beam/prefix-trie.ts';

describe('the trie of prefixes', () => {
  it('finds what was added, and nothing else', () => {
    const trie = new PrefixTrie();
    const a = trie.add(0, 1);
    const ab = trie.add(a, 2);
    expect(trie.find(0, 1)).toBe(a);
    expect(trie.find(a, 2)).toBe(ab);
    expect(trie.find(a, 1)).toBe(-1);
    expect(trie.find(0, 2)).toBe(-1);
    expect([...trie.labelsTo(ab)]).toEqual([1, 2]);
  });

  it('forgets what no prefix of the beam leads through, and keeps the order of the rest', () => {
    const trie = new PrefixTrie();
    const gone = trie.add(0, 5);
    const a = trie.add(0, 1);
    trie.add(gone, 6);
    const ab = trie.add(a, 2);
    trie.add(ab, 3);
    const c = trie.add(0, 3);
    trie.slots[ab] = 0;
    trie.slots[c] = 1;
    expect([...trie.compact()]).toEqual([0, -1, 1, -1, 2, -1, 3]);
    expect(trie.size).toBe(4);
    expect([1, 2, 3].map((node) => [...trie.labelsTo(node)])).toEqual([[1], [1, 2], [3]]);
    expect([1, 2, 3].map((node) => trie.slots[node])).toEqual([-1, 0, 1]);
    expect([trie.find(0, 1), trie.find(1, 2), trie.find(0, 3)]).toEqual([1, 2, 3]);
    expect([trie.find(0, 5), trie.find(2, 3)]).toEqual([-1, -1]);
  });
});
