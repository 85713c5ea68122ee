import { describe, expect, it } from 'vitest';
import { anyWords } from '../../src/language/combined-scorer.ts';
import { compileFiniteGrammar } from '../../src/language/finite-grammar.ts';
import { LexiconLanguage } from '../../src/language/lexicon-language.ts';
import { LexiconScorer, type OpenVocabulary } from '../../src/language/lexicon-scorer.ts';
import { LexiconTree, type Spelling } from '../../src/language/lexicon-tree.ts';
import { scorePart } from '../../src/language/scorers.ts';
import { WordGraphScorer } from '../../src/language/word-graph-scorer.ts';
import { Random } from '../../src/math/random.ts';
import { pathsOver } from '../reference/ctc-enumeration.ts';
import { sayingsOf } from '../reference/grammar-enumeration.ts';
import {
  labelsBetween,
  labelsFrom,
  lexiconWorth,
  worthByScorer,
} from '../reference/label-worth.ts';
import { TableBigram } from '../reference/table-bigram.ts';

const labels = 4;
const space = 3;
const open: OpenVocabulary = { wordPenalty: -1.5, labelPenalty: -0.25 };

/** Words of up to three labels, one of them with two spellings. */
const spellings: Spelling[] = [
  { word: 'a', labels: [0] },
  { word: 'ab', labels: [0, 1] },
  { word: 'bab', labels: [1, 0, 1] },
  { word: 'bab', labels: [1, 1] },
  { word: 'bc', labels: [1, 2] },
];
const words = ['a', 'ab', 'bab', 'bc'];

function* allSequences(most: number): Generator<number[]> {
  for (let length = 0; length <= most; length++) yield* pathsOver(length, labels);
}

/** Sequences for which a scorer and the definition differ. */
function differences(
  scorer: LexiconScorer,
  definition: (labels: number[]) => { language: number; words: number } | undefined,
  most: number,
): string[] {
  const found: string[] = [];
  for (const sequence of allSequences(most)) {
    const said = worthByScorer(scorer, sequence);
    const expected = definition(sequence);
    const same =
      said === undefined || expected === undefined
        ? said === expected
        : Math.abs(said[scorePart.language]! - expected.language) < 1e-9 &&
          Math.abs(said[scorePart.words]! - expected.words) < 1e-9 &&
          said[scorePart.hotwords] === 0;
    if (!same) found.push(`${sequence}: ${said} for ${JSON.stringify(expected)}`);
  }
  return found;
}

describe('words spelt in labels', () => {
  const tree = new LexiconTree(spellings, labels, space);

  it.each([
    ['a closed vocabulary', undefined, 'exact'],
    ['a closed vocabulary, look-ahead fixed', undefined, 'fixed'],
    ['an open vocabulary', open, 'exact'],
    ['an open vocabulary, look-ahead fixed', open, 'fixed'],
  ] as const)('add up to what the words are worth: %s', (_, vocabulary, lookAhead) => {
    const random = new Random(21);
    for (const impossible of [0, 0.3, 0.6]) {
      // "bc" is in the lexicon, but nothing that the bigrams know.
      const bigram = new TableBigram(['bab', 'a', 'ab', 'd'], random, impossible);
      const language = new LexiconLanguage(tree, bigram, { lookAhead });
      const scorer = new LexiconScorer(language, { wordScore: 0.5, open: vocabulary });
      const definition = (sequence: number[]) =>
        lexiconWorth(
          labelsBetween(sequence, space),
          spellings,
          (sentence) => bigram.worthOf(sentence),
          0.5,
          vocabulary,
        );
      expect(differences(scorer, definition, 6)).toEqual([]);
    }
  });

  it('add up without a space, where the labels that begin words part them', () => {
    const pieces: Spelling[] = [
      { word: 'a', labels: [0] },
      { word: 'ac', labels: [0, 2] },
      { word: 'bcc', labels: [1, 2, 2] },
    ];
    const random = new Random(22);
    const pieceTree = new LexiconTree(pieces, labels, undefined);
    for (const vocabulary of [undefined, open]) {
      const bigram = new TableBigram(['a', 'bcc'], random, 0.2);
      const language = new LexiconLanguage(pieceTree, bigram);
      const scorer = new LexiconScorer(language, { wordScore: -1, open: vocabulary });
      const definition = (sequence: number[]) =>
        lexiconWorth(
          labelsFrom(sequence, pieces),
          pieces,
          (sentence) => bigram.worthOf(sentence),
          -1,
          vocabulary,
        );
      expect(differences(scorer, definition, 5)).toEqual([]);
    }
  });

  it('count words without a lexicon, whatever they are', () => {
    const none = new LexiconLanguage(new LexiconTree([], labels, space), anyWords);
    const free = { wordPenalty: 0, labelPenalty: 0 };
    const scorer = new LexiconScorer(none, { wordScore: 0.75, open: free });
    const definition = (sequence: number[]) => ({
      language: 0,
      words: 0.75 * labelsBetween(sequence, space).length,
    });
    expect(differences(scorer, definition, 5)).toEqual([]);
  });

  it('stay in a grammar: a label is refused as soon as nothing that may be said goes on with it', () => {
    const grammar = compileFiniteGrammar({
      alternatives: ['bab', { sequence: ['a', { optional: 'ab' }] }, { sequence: ['ab', 'bc'] }],
    });
    const language = new LexiconLanguage(tree, new WordGraphScorer(grammar));
    const scorer = new LexiconScorer(language);
    const sayings = [...sayingsOf(grammar, 3)].filter(([, w]) => w > -Infinity).map(([t]) => t);
    const spelt = (text: string): number[][] =>
      text
        .split(' ')
        .reduce<number[][]>(
          (heads, word) =>
            heads.flatMap((head) =>
              spellings
                .filter((spelling) => spelling.word === word)
                .map((tail) => [...head, ...(head.length > 0 ? [space] : []), ...tail.labels]),
            ),
          [[]],
        );
    const allowed = sayings.flatMap(spelt).map((sequence) => sequence.join());
    expect(allowed.sort()).toEqual(['0', '0,1,3,1,2', '0,3,0,1', '1,0,1', '1,1']);
    for (const sequence of allSequences(5)) {
      // Spaces at the ends and side by side are worth nothing: they say nothing new.
      const text = labelsBetween(sequence, space).join(`,${space},`);
      expect(worthByScorer(scorer, sequence) !== undefined, text).toBe(allowed.includes(text));
      if (sequence.at(-1) === space || text !== sequence.join()) continue;
      let state = scorer.start;
      for (const label of sequence) if (state >= 0) state = scorer.next(state, label);
      const isBeginning = allowed.some((whole) => `,${whole},`.startsWith(`,${text}`));
      expect(state >= 0, text).toBe(isBeginning);
    }
  });

  it('let the filler stand anywhere, worth nothing', () => {
    const filler = 4;
    const language = new LexiconLanguage(new LexiconTree(spellings, 5, space), anyWords);
    const scorer = new LexiconScorer(language, { wordScore: 1, filler });
    expect(worthByScorer(scorer, [filler, 0, filler, 1, space, filler])).toEqual([0, 1, 0]);
  });

  it('say the same again in another order, by a look-ahead that forgets all but one state', () => {
    const bigram = new TableBigram(words, new Random(23), 0.3);
    const once = new LexiconScorer(new LexiconLanguage(tree, bigram), { open });
    const forgetful = new LexiconLanguage(tree, bigram, { capacity: tree.nodes });
    const again = new LexiconScorer(forgetful, { open });
    const sequences = [...allSequences(4)];
    const worths = new Map(sequences.map((s) => [s.join(), worthByScorer(once, s)]));
    for (const sequence of sequences.reverse()) {
      expect(worthByScorer(again, sequence)).toEqual(worths.get(sequence.join()));
    }
  });

  it('give a word’s worth in advance, as much as the best that may still come', () => {
    const graph = compileFiniteGrammar({ alternatives: words });
    const weights = new Map([
      ['a', -1],
      ['ab', -2],
      ['bab', -3],
      ['bc', -4],
    ]);
    const arcs = graph.arcs.map((arc) => ({ ...arc, logWeight: weights.get(arc.word!)! }));
    const scorer = new LexiconScorer(
      new LexiconLanguage(tree, new WordGraphScorer({ ...graph, arcs })),
    );
    const afterB = scorer.next(scorer.start, 1);
    expect(scorer.parts[scorePart.language]).toBe(-3);
    scorer.next(afterB, 2);
    expect(scorer.parts[scorePart.language]).toBe(-1);
  });
});
