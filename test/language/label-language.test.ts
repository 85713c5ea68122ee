import { describe, expect, it } from 'vitest';
import { compileFiniteGrammar, type FiniteGrammar } from '../../src/language/finite-grammar.ts';
import type { Hotword } from '../../src/language/hotword.ts';
import { LabelLanguage, labelScorerFor, sayableWords } from '../../src/language/label-language.ts';
import { LexiconTree, treeOfLexicon } from '../../src/language/lexicon-tree.ts';
import { compileRequestGrammar } from '../../src/language/request-grammar.ts';
import type { LabelScorer } from '../../src/language/scorers.ts';
import { WordGraphScorer } from '../../src/language/word-graph-scorer.ts';
import { Random } from '../../src/math/random.ts';
import { worthByScorer } from '../reference/label-worth.ts';
import { TableBigram } from '../reference/table-bigram.ts';

const characters = {
  kind: 'characters',
  labels: ['<blank>', ' ', 'a', 'b', '<other>'],
  blank: 0,
  filler: 4,
  space: 1,
} as const;
const words = {
  kind: 'words',
  labels: ['<blank>', 'one', 'two', 'three', '<other>'],
  blank: 0,
  filler: 4,
  space: undefined,
} as const;

const grammarOf = (grammar: FiniteGrammar) => new WordGraphScorer(compileFiniteGrammar(grammar));
const worth = (scorer: LabelScorer | undefined, ...labels: number[]) =>
  worthByScorer(scorer!, labels);

describe('the language of a model over its labels', () => {
  it('is nothing where nothing is asked', () => {
    expect(labelScorerFor(characters, {})).toBeUndefined();
    expect(labelScorerFor(words, { wordScore: 0, hotwords: [] })).toBeUndefined();
  });

  it('is a scorer of words where labels are words', () => {
    const bigram = new TableBigram(['one', 'three'], new Random(1), 0);
    const scorer = labelScorerFor(words, { ngram: bigram, wordScore: 0.5 });
    const [language, score] = worth(scorer, 1, 4, 2, 3)!;
    expect(language).toBeCloseTo(bigram.worthOf(['one', 'two', 'three']), 12);
    expect(score).toBe(1.5);
  });

  it('spells the words of an n-gram model that the labels can spell, and no others', () => {
    const bigram = new TableBigram(['a', 'ab', 'caé'], new Random(2), 0);
    const scorer = labelScorerFor(characters, { ngram: bigram });
    expect(worth(scorer, 2, 3, 1, 2)![0]).toBeCloseTo(bigram.worthOf(['ab', 'a']), 12);
    expect(worth(scorer, 3)).toBeUndefined();
  });

  it('is open where words outside may be said, at their cost', () => {
    const bigram = new TableBigram(['a'], new Random(3), 0);
    const open = { wordPenalty: -2, labelPenalty: -0.5 };
    const [language, score] = worth(labelScorerFor(characters, { ngram: bigram, open }), 3, 3)!;
    expect(language).toBeCloseTo(bigram.worthOf(['outside']), 12);
    expect(score).toBe(-3);
  });

  it('counts words of any labels where only a word is scored', () => {
    expect(worth(labelScorerFor(characters, { wordScore: 1 }), 1, 2, 3, 1, 3)).toEqual([0, 2, 0]);
    expect(worth(labelScorerFor(words, { wordScore: 1 }), 1, 4, 1)).toEqual([0, 2, 0]);
  });

  it.each([
    ['characters', characters, [2, 1, 2], [2, 1, 3]],
    ['words', words, [1, 1], [1, 3]],
  ] as const)('stays in a grammar over %s, open or not', (_, alphabet, inside, outside) => {
    const word = alphabet.labels[inside[0]]!;
    const open = { wordPenalty: -1, labelPenalty: 0 };
    const grammar = grammarOf({ repeat: word, times: 2 });
    for (const options of [{}, { open, wordScore: 0.25 }]) {
      const scorer = labelScorerFor(alphabet, { ...options, grammar });
      expect(worth(scorer, ...inside)).toEqual([0, 2 * (options.wordScore ?? 0), 0]);
      expect(worth(scorer, ...outside)).toBeUndefined();
      expect(worth(scorer, inside[0])).toBeUndefined();
      // The filler prints nothing: no grammar speaks against it.
      expect(worth(scorer, 4, ...inside, 4)).toEqual(worth(scorer, ...inside));
    }
  });

  it('adds an n-gram model to a grammar, and phrases to both', () => {
    const bigram = new TableBigram(['one', 'two'], new Random(4), 0);
    const language = new LabelLanguage(words, { ngram: bigram, wordScore: 1 });
    const grammar = grammarOf({ alternatives: ['one two', 'two three'] });
    const scorer = language.scorer({ grammar, hotwords: [{ phrase: 'Two', weight: 3 }] });
    const [said, score, hot] = worth(scorer, 2, 3)!;
    expect(said).toBeCloseTo(bigram.worthOf(['two', 'three']), 12);
    expect([score, hot]).toEqual([2, 3]);
    expect(worth(scorer, 2, 1)).toBeUndefined();
    expect(worth(language.scorer(), 2, 1)![2]).toBe(0);
  });

  it('finds phrases without anything else, in either kind of labels', () => {
    const hotwords = [{ phrase: 'ab', weight: 2 }];
    expect(worth(labelScorerFor(characters, { hotwords }), 2, 3, 1, 2)).toEqual([0, 0, 2]);
    const ofWords = labelScorerFor(words, { hotwords: [{ phrase: 'one two', weight: 2 }] });
    expect(worth(ofWords, 1, 2, 1, 2)).toEqual([0, 0, 4]);
  });

  it('finds the phrases of each recording, whichever those of the one before were', () => {
    const language = new LabelLanguage(words);
    const [two, three] = [
      { phrase: 'two', weight: 2 },
      { phrase: 'three', weight: 3 },
    ];
    const hot = (...hotwords: Hotword[]) => worth(language.scorer({ hotwords }), 1, 2, 3)?.[2];
    expect([hot(two), hot(two), hot(three), hot(two, three), hot({ ...two, weight: 5 })]).toEqual([
      2, 2, 3, 5, 5,
    ]);
    const changing = { ...two };
    hot(changing);
    changing.weight = 7;
    expect(hot(changing)).toBe(7);
    expect(language.scorer()).toBeUndefined();
  });

  it('takes the spellings of a lexicon, for a grammar too', () => {
    const lexicon = treeOfLexicon(
      characters,
      new Map([
        ['yes', [['a'], ['b', 'b']]],
        ['no', [['b']]],
      ]),
    );
    const free = labelScorerFor(characters, { lexicon, wordScore: 1 });
    expect(worth(free, 2, 1, 3, 3, 1, 3)).toEqual([0, 3, 0]);
    const scorer = labelScorerFor(characters, { lexicon, grammar: grammarOf('yes yes') });
    expect(worth(scorer, 3, 3, 1, 2)).toEqual([0, 0, 0]);
    expect(worth(scorer, 3, 1, 2)).toBeUndefined();
    expect(sayableWords(characters, lexicon).has('yes')).toBe(true);
    expect(sayableWords(characters, lexicon).has('ab')).toBe(false);
  });

  it('takes a lexicon where labels are words, too', () => {
    const spellings = [{ word: 'eleven', labels: [1, 2] }];
    const lexicon = new LexiconTree(spellings, words.labels.length, undefined);
    const scorer = labelScorerFor(words, { lexicon, grammar: grammarOf('eleven eleven') });
    expect(worth(scorer, 1, 2, 4, 1, 2)).toEqual([0, 0, 0]);
    expect(worth(scorer, 1, 1)).toBeUndefined();
  });

  it('says which words can be said', () => {
    const grammar = { alternatives: ['ab', 'Ba b'] };
    const graph = compileRequestGrammar(grammar, { vocabulary: sayableWords(characters) });
    expect(new Set(graph.arcs.map(({ word }) => word))).toEqual(new Set(['ab', 'ba', 'b']));
    expect(sayableWords(words).has('one')).toBe(true);
    expect(sayableWords(words).has('<other>')).toBe(false);
    expect(sayableWords(characters).has('')).toBe(false);
  });

  it('refuses a grammar with a word that cannot be spelt, rather than a part of it', () => {
    expect(() => labelScorerFor(characters, { grammar: grammarOf('a cab') })).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'grammar' }) as Error,
    );
  });
});
