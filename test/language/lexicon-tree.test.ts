import { describe, expect, it } from 'vitest';
import { LexiconTree, treeOfLexicon, treeOfWords } from '../../src/language/lexicon-tree.ts';

const characters = {
  kind: 'characters',
  labels: ['<blank>', ' ', 'a', 'b', '<other>'],
  blank: 0,
  filler: 4,
  space: 1,
} as const;

describe('a lexicon tree', () => {
  it('shares beginnings and gives its spellings back', () => {
    const spellings = [
      { word: 'ab', labels: [2, 3] },
      { word: 'a', labels: [2] },
      { word: 'ab', labels: [3, 3, 3] },
    ];
    const tree = new LexiconTree(spellings, 5, 1);
    expect(tree.nodes).toBe(6);
    expect(tree.words).toEqual(['ab', 'a']);
    const [long, short, other] = spellings;
    expect([...tree.spellings()]).toEqual([short, long, other]);
    expect(tree.wordAt[tree.child(0, 2)]).toBe(1);
    expect(tree.child(0, 1)).toBe(-1);
  });

  it('can be restricted to some of its words', () => {
    const tree = treeOfWords(characters, ['ab', 'b', 'a']).restrictedTo(new Set(['b', 'x']));
    expect([...tree.spellings()]).toEqual([{ word: 'b', labels: [3] }]);
    expect(tree.space).toBe(1);
  });

  it('spells the words that the alphabet can spell, and takes a lexicon’s units for labels', () => {
    const tree = treeOfWords(characters, ['ab', 'abc', '<other>', 'ba']);
    expect(tree.words).toEqual(['ab', 'ba']);
    const lexicon = new Map([['one', [['a', 'b'], ['b']]]]);
    expect([...treeOfLexicon(characters, lexicon).spellings()]).toEqual([
      { word: 'one', labels: [2, 3] },
      { word: 'one', labels: [3] },
    ]);
    expect(() => treeOfLexicon(characters, new Map([['one', [['<blank>']]]]))).toThrow(
      '[treeOfLexicon] expected labels for "one", got "<blank>"',
    );
  });

  it.each([
    ['an empty spelling', [{ word: 'a', labels: [] }], 1, /labels for "a", got none/u],
    ['a label that is none', [{ word: 'a', labels: [5] }], 1, /labels in \[0, 5\).*"a", got 5/u],
    ['the space inside a word', [{ word: 'a', labels: [2, 1] }], 1, /other than the space/u],
    [
      'a spelling of two words',
      [
        { word: 'a', labels: [2] },
        { word: 'b', labels: [2] },
      ],
      1,
      /for one word only, got the same of "a" and "b"/u,
    ],
    [
      'a label that begins one word and stands inside another, without a space',
      [
        { word: 'a', labels: [2] },
        { word: 'ba', labels: [3, 2] },
      ],
      undefined,
      /expected a space, or no label inside a word that begins another, got 2 in "ba"/u,
    ],
  ])('refuses %s', (_, spellings, space, message) => {
    expect(() => new LexiconTree(spellings, 5, space)).toThrow(message);
  });
});
