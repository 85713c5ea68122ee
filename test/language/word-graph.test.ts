import { describe, expect, it } from 'vitest';
import { compileGrammar, grammarSchema, wordsNamedBy } from '../../src/language/grammar.ts';
import { wordList, wordLoop, wordSequence, wordString } from '../../src/language/simple-graphs.ts';
import { checkWordGraph, silentOrder, type WordGraph } from '../../src/language/word-graph.ts';
import { sayingsOf } from '../reference/grammar-enumeration.ts';

const textsOf = (graph: WordGraph, mostWords: number) =>
  [...sayingsOf(graph, mostWords)]
    .filter(([, logWeight]) => logWeight > -Infinity)
    .map(([text]) => text)
    .sort();

function graphOf(overrides: Partial<WordGraph>): WordGraph {
  return { nodes: 2, start: 0, logFinal: Float64Array.of(-Infinity, 0), arcs: [], ...overrides };
}
const arc = (from: number, to: number, word: string | undefined = 'a', logWeight = 0) => ({
  from,
  to,
  word,
  logWeight,
});
const silent = (from: number, to: number) => ({ from, to, word: undefined, logWeight: 0 });

describe('simple graphs', () => {
  it('let a loop repeat any words any number of times', () => {
    expect(textsOf(wordLoop(['a', 'b']), 2)).toEqual(['', 'a', 'a a', 'a b', 'b', 'b a', 'b b']);
  });

  it('let a list say exactly one of its words', () => {
    expect(textsOf(wordList(['a', 'b']), 3)).toEqual(['a', 'b']);
  });

  it('let a string have no fewer and no more words than it says', () => {
    expect(textsOf(wordString(['a', 'b'], 2, 2), 4)).toEqual(['a a', 'a b', 'b a', 'b b']);
    expect(textsOf(wordString(['a'], 0, 2), 4)).toEqual(['', 'a', 'a a']);
  });

  it('let a sequence say its words, repeats among them', () => {
    expect(textsOf(wordSequence(['a', 'b', 'a']), 5)).toEqual(['a b a']);
    expect(textsOf(wordSequence([]), 5)).toEqual(['']);
  });

  it('are refused without words, with a word twice, and with lengths that make no sense', () => {
    expect(() => wordLoop([])).toThrow('[wordLoop] expected at least one word, got none');
    expect(() => wordList(['a', 'a'])).toThrow(/expected each word once, got "a" again/u);
    for (const [fewest, most] of [
      [-1, 2],
      [3, 2],
      [0.5, 2],
    ] as const) {
      expect(() => wordString(['a'], fewest, most)).toThrow(RangeError);
    }
    expect(() => wordString(['a', 'b'], 0, 1e6)).toThrow(/at most 100000 nodes/u);
  });
});

describe('checkWordGraph', () => {
  it.each([
    ['a start outside', graphOf({ start: 2 }), /a start in \[0, 2\), got 2/u],
    ['final weights of another number', graphOf({ logFinal: new Float64Array(1) }), /2 final/u],
    ['NaN', graphOf({ logFinal: Float64Array.of(NaN, 0) }), /below \+∞ at node 0, got NaN/u],
    ['an arc to nowhere', graphOf({ arcs: [arc(0, 5)] }), /arc 0 between .* got 0 → 5/u],
    ['an arc of no weight', graphOf({ arcs: [arc(0, 1, 'a', -Infinity)] }), /a finite weight/u],
    ['no way to an end', graphOf({ arcs: [arc(1, 0)] }), /never ends/u],
  ])('refuses %s', (_, graph, message) => {
    expect(() => checkWordGraph('test', graph)).toThrow(message);
  });

  it('lets a graph pass whose end lies behind silent arcs', () => {
    expect(() => checkWordGraph('test', graphOf({ arcs: [silent(0, 1)] }))).not.toThrow();
  });
});

describe('silentOrder', () => {
  it('puts the source of each silent arc before its target', () => {
    const graph = graphOf({ nodes: 4, arcs: [silent(3, 1), silent(1, 0), arc(0, 3), arc(2, 2)] });
    const order = [...silentOrder('test', graph)];
    expect(order.indexOf(3)).toBeLessThan(order.indexOf(1));
    expect(order.indexOf(1)).toBeLessThan(order.indexOf(0));
    expect([...order].sort()).toEqual([0, 1, 2, 3]);
  });

  it('refuses a cycle of silent arcs', () => {
    const graph = graphOf({ arcs: [silent(0, 1), silent(1, 0)] });
    expect(() => silentOrder('test', graph)).toThrow('[test] expected silent arcs without cycles');
  });
});

describe('grammars as files write them', () => {
  const say = (grammar: unknown) => textsOf(compileGrammar(grammarSchema.parse(grammar), ['x']), 1);

  it('become graphs, whichever kind they are', () => {
    expect(say({ kind: 'loop' })).toEqual(['', 'x']);
    expect(say({ kind: 'loop', words: ['a'] })).toEqual(['', 'a']);
    expect(say({ kind: 'list', words: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(say({ kind: 'finite', grammar: { optional: 'a' } })).toEqual(['', 'a']);
    const ngrams = [
      { words: ['a'], logProb: -1 },
      { words: ['</s>'], logProb: -1 },
    ];
    expect(say({ kind: 'ngram', ngrams })).toEqual(['', 'a']);
    expect([...wordsNamedBy(grammarSchema.parse({ kind: 'ngram', ngrams }))]).toEqual(['a']);
  });

  it.each([
    ['an unknown kind', { kind: 'regex' }],
    ['an empty list', { kind: 'list', words: [] }],
    ['a word twice', { kind: 'loop', words: ['a', 'a'] }],
    ['n-grams that do not end', { kind: 'ngram', ngrams: [{ words: ['a'], logProb: -1 }] }],
  ])('are refused with %s', (_, grammar) => {
    expect(grammarSchema.safeParse(grammar).success).toBe(false);
  });
});
