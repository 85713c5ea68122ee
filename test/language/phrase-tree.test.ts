import { describe, expect, it } from 'vitest';
import { PhraseTree, phraseRoot } from '../../src/language/phrase-tree.ts';
import { Random } from '../../src/math/random.ts';

/** The node of a sequence, −1 where there is none. */
const nodeOf = (tree: PhraseTree, sequence: readonly number[]) =>
  sequence.reduce((node, label) => (node < 0 ? node : tree.child(node, label)), phraseRoot);

describe('a tree of phrases', () => {
  it('has a node for every beginning and no other, each at the label that it ends in', () => {
    const random = new Random(1);
    for (let trial = 0; trial < 50; trial++) {
      const draw = () => Array.from({ length: random.integer(6) }, () => random.integer(4));
      const sequences = Array.from({ length: random.integer(12) }, draw);
      const tree = new PhraseTree(sequences);
      const beginnings = new Map<string, number[]>([['', []]]);
      for (const sequence of sequences) {
        for (let length = 1; length <= sequence.length; length++) {
          const beginning = sequence.slice(0, length);
          beginnings.set(beginning.join(), beginning);
        }
      }
      const nodes = [...beginnings.values()].map((beginning) => nodeOf(tree, beginning));
      expect(tree.size).toBe(beginnings.size);
      expect([...nodes].sort((a, b) => a - b)).toEqual(Array.from(nodes, (_, node) => node));
      for (const [index, beginning] of [...beginnings.values()].entries()) {
        expect(tree.labels[nodes[index]!]).toBe(beginning.at(-1) ?? -1);
        for (let label = 0; label < 5; label++) {
          const longer = beginnings.has([...beginning, label].join());
          expect(tree.child(nodes[index]!, label) >= 0, `${beginning} ${label}`).toBe(longer);
        }
      }
    }
  });

  it('keeps the children of a node side by side, the lowest label first', () => {
    const tree = new PhraseTree([[5, 1], [2], [5, 0], [7, 7], [5, 9]]);
    const childrenOf = (node: number) =>
      tree.labels.slice(tree.childrenFrom[node], tree.childrenFrom[node + 1]);
    expect([...childrenOf(phraseRoot)]).toEqual([2, 5, 7]);
    expect([...childrenOf(tree.child(phraseRoot, 5))]).toEqual([0, 1, 9]);
    expect([...childrenOf(tree.child(phraseRoot, 2))]).toEqual([]);
  });
});
