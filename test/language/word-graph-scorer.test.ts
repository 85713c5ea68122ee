import { describe, expect, it } from 'vitest';
import { CombinedScorer } from '../../src/language/combined-scorer.ts';
import { compileFiniteGrammar } from '../../src/language/finite-grammar.ts';
import { compileNgrams } from '../../src/language/ngram-graph.ts';
import type { WordScorer } from '../../src/language/scorers.ts';
import { wordList, wordString } from '../../src/language/simple-graphs.ts';
import type { WordArc, WordGraph } from '../../src/language/word-graph.ts';
import { WordGraphScorer } from '../../src/language/word-graph-scorer.ts';
import { Random } from '../../src/math/random.ts';
import { sayingsOf } from '../reference/grammar-enumeration.ts';
import { TableBigram } from '../reference/table-bigram.ts';

/** Any nodes, several arcs of a word, silent ones onwards, some ends, weights of both signs. */
function randomGraph(random: Random): WordGraph {
  const nodes = 2 + random.integer(4);
  const weight = () => (random.chance(0.3) ? 0 : random.uniform(-2, 1));
  const arcs: WordArc[] = Array.from({ length: 3 + random.integer(4) }, () => ({
    from: random.integer(nodes),
    to: random.integer(nodes),
    word: random.pick(['a', 'b']),
    logWeight: weight(),
  }));
  for (let trial = 0; trial < 3; trial++) {
    const from = random.integer(nodes - 1);
    const to = from + 1 + random.integer(nodes - 1 - from);
    if (random.chance(0.7)) arcs.push({ from, to, word: undefined, logWeight: weight() });
  }
  const logFinal = Float64Array.from({ length: nodes }, () =>
    random.chance(0.4) ? weight() : -Infinity,
  );
  logFinal[nodes - 1] = 0;
  arcs.push({ from: 0, to: nodes - 1, word: 'b', logWeight: 0 });
  return { nodes, start: 0, logFinal, arcs };
}

function* textsOver(words: readonly string[], most: number): Generator<string[]> {
  yield [];
  if (most === 0) return;
  for (const text of textsOver(words, most - 1)) {
    if (text.length === most - 1) for (const word of words) yield [...text, word];
    else if (text.length > 0) yield text;
  }
}

/** ln weight of a text; undefined from the first word that may not follow. */
function weigh(scorer: WordScorer, text: readonly string[]): number | undefined {
  let state = scorer.start;
  let sum = 0;
  for (const word of text) {
    state = scorer.next(state, scorer.words.indexOf(word));
    if (state < 0) return undefined;
    sum += scorer.logWeight;
  }
  scorer.end(state);
  return sum + scorer.logWeight;
}

function expectSayings(graph: WordGraph, words: readonly string[], most: number): void {
  const sayings = sayingsOf(graph, most + 2);
  const scorer = new WordGraphScorer(graph);
  for (const text of textsOver(words, most)) {
    const said = weigh(scorer, text);
    const expected = sayings.get(text.join(' ')) ?? -Infinity;
    expect(said ?? -Infinity, text.join(' ')).toBeCloseTo(expected, 9);
    if (said !== undefined) continue;
    const begins = (text: string[], longer: string) =>
      `${longer} `.startsWith(`${text.join(' ')} `);
    const onward = [...sayings].filter(([longer, w]) => w > -Infinity && begins(text, longer));
    expect(onward, text.join(' ')).toEqual([]);
  }
}

describe('a graph as a scorer', () => {
  it('weighs every text by its best way through the graph, on random graphs', () => {
    const random = new Random(11);
    for (let trial = 0; trial < 100; trial++) expectSayings(randomGraph(random), ['a', 'b'], 3);
  });

  it('allows what a grammar allows, and nothing further from where that ends', () => {
    expectSayings(wordString(['a', 'b'], 1, 3), ['a', 'b'], 5);
    expectSayings(compileFiniteGrammar({ sequence: ['a', { optional: 'b' }] }), ['a', 'b'], 4);
  });

  it('follows back-off arcs, and one node is its state where no n-gram is worse than backing off', () => {
    const ngrams = [
      { words: ['<s>'], logProb: 0, logBackoff: -1 },
      { words: ['a'], logProb: -1, logBackoff: -0.5 },
      { words: ['b'], logProb: -2 },
      { words: ['</s>'], logProb: -1.5 },
      { words: ['<s>', 'a'], logProb: -0.25 },
      { words: ['a', 'b'], logProb: -0.5, logBackoff: -0.75 },
      { words: ['a', 'b', '</s>'], logProb: -0.125 },
    ];
    const graph = compileNgrams(ngrams);
    expectSayings(graph, ['a', 'b'], 5);
    const scorer = new WordGraphScorer(graph);
    const states = [...textsOver(['a', 'b'], 5)].map((text) =>
      text.reduce((state, word) => scorer.next(state, scorer.words.indexOf(word)), scorer.start),
    );
    expect(Math.max(...states)).toBeLessThan(graph.nodes);
  });

  it('keeps apart histories that a listed n-gram makes likelier through the back-off', () => {
    const ngrams = [
      { words: ['a'], logProb: -0.5, logBackoff: 0 },
      { words: ['b'], logProb: -0.5, logBackoff: -3 },
      { words: ['</s>'], logProb: -1 },
      { words: ['a', 'b'], logProb: -2 },
      { words: ['b', 'a'], logProb: -2 },
    ];
    expectSayings(compileNgrams(ngrams), ['a', 'b'], 5);
  });

  it('knows no other words, and cannot weigh NaN', () => {
    const scorer = new WordGraphScorer(wordList(['a', 'b']));
    expect(scorer.words).toEqual(['a', 'b']);
    expect(scorer.next(scorer.start, -1)).toBe(-1);
    expect(scorer.logWeight).toBe(-Infinity);
  });

  it('refuses a graph that never ends, and silent cycles', () => {
    const arcs = [{ from: 0, to: 0, word: 'a', logWeight: 0 }];
    const endless = { nodes: 1, start: 0, logFinal: Float64Array.of(-Infinity), arcs };
    expect(() => new WordGraphScorer(endless)).toThrow('[WordGraphScorer] expected a graph');
    const silent = [{ from: 0, to: 0, word: undefined, logWeight: 0 }];
    const cycle = { nodes: 1, start: 0, logFinal: Float64Array.of(0), arcs: silent };
    expect(() => new WordGraphScorer(cycle)).toThrow('[WordGraphScorer] expected silent arcs');
  });
});

describe('two scorers together', () => {
  it('allow what both allow, at the sum of their weights', () => {
    const random = new Random(12);
    for (let trial = 0; trial < 50; trial++) {
      const graph = randomGraph(random);
      const bigram = new TableBigram(['b', 'c'], random, 0.2);
      const scorer = new CombinedScorer(new WordGraphScorer(graph), bigram);
      const sayings = sayingsOf(graph, 4);
      for (const text of textsOver(['a', 'b', 'c'], 4)) {
        const expected = (sayings.get(text.join(' ')) ?? -Infinity) + bigram.worthOf(text);
        expect(weigh(scorer, text) ?? -Infinity, text.join(' ')).toBeCloseTo(expected, 9);
      }
    }
  });

  it('ask both about unknown words', () => {
    const random = new Random(13);
    const [first, second] = [0, 1].map(() => new TableBigram(['a'], random, 0));
    const scorer = new CombinedScorer(first!, second!);
    const text = ['a', 'x', 'a'];
    expect(weigh(scorer, text)).toBeCloseTo(first!.worthOf(text) + second!.worthOf(text), 12);
  });
});
