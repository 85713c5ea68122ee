import { describe, expect, it } from 'vitest';
import { discountOf, discountsOf } from '../../../src/language/ngram/discounts.ts';
import { type Estimate, estimateKneserNey } from '../../../src/language/ngram/kneser-ney.ts';
import { wordText } from '../../../src/language/ngram/ngram-model.ts';
import { findChild, historiesOf } from '../../../src/language/ngram/ngram-tree.ts';
import { TextCounter } from '../../../src/language/ngram/text-counter.ts';
import { Random } from '../../../src/math/random.ts';
import { KneserNeyByDefinition } from '../../reference/kneser-ney-by-definition.ts';
import { randomText } from './made-up-models.ts';

function estimateOf(
  sentences: readonly (readonly string[])[],
  order: number,
  { vocabulary, open = true }: { vocabulary?: readonly string[]; open?: boolean } = {},
): Estimate {
  const counter = new TextCounter({ order, open, ...(vocabulary && { vocabulary }) });
  for (const sentence of sentences) counter.add(sentence);
  return estimateKneserNey(counter.finish());
}

/** Reads an estimate by words. */
function byWords({ counts, probs, backoffs }: Estimate) {
  const { vocabulary, tree } = counts;
  const texts = Array.from({ length: vocabulary.size }, (_, word) => wordText(vocabulary, word));
  const nodeOf = (ngram: string) =>
    ngram.split(' ').reduce((node, word) => findChild(tree, node, texts.indexOf(word)), 0);
  return {
    texts,
    p: (ngram: string) => probs[nodeOf(ngram)]!,
    gamma: (history: string) => backoffs[nodeOf(history)]!,
  };
}

/** Each text so many times. */
const times = (...texts: readonly (readonly [number, string])[]) =>
  texts.flatMap(([count, text]) => Array.from({ length: count }, () => text.split(' ')));

describe('estimateKneserNey', () => {
  it('takes the discounts of single words from their counts, worked by hand', () => {
    // a to c and the end once, d and e twice, f three times, g four: n₁ … n₄ are 4, 2, 1, 1, and Y ½.
    const estimate = estimateOf(times([1, 'a b c d d e e f f f g g g g']), 1);
    expect(estimate.discounts).toEqual([{ kind: 'modified', values: [0.5, 1.25, 1] }]);
    const { p } = byWords(estimate);
    // 15 words; of nine that can come, <unk> among them, each has a ninth of what is taken.
    const share = (4 * 0.5 + 2 * 1.25 + 1 + 1) / 15 / 9;
    expect(p('a')).toBeCloseTo(0.5 / 15 + share, 14);
    expect(p('</s>')).toBeCloseTo(0.5 / 15 + share, 14);
    expect(p('d')).toBeCloseTo(0.75 / 15 + share, 14);
    expect(p('f')).toBeCloseTo(2 / 15 + share, 14);
    expect(p('g')).toBeCloseTo(3 / 15 + share, 14);
    expect(p('<unk>')).toBeCloseTo(share, 14);
  });

  it('counts for shorter n-grams in how many places they stand, worked by hand', () => {
    // Pairs four times: <s> a, a </s>; three times: with b; twice: with c and d; once: with e to h.
    const text = times(
      ...([4, 3, 2, 2, 1, 1, 1, 1] as const).map((n, i) => [n, 'abcdefgh'[i]!] as const),
    );
    const estimate = estimateOf(text, 2);
    // n₁ … n₄ of pairs are 8, 4, 2, 2; of words 8 (only <s> was before a to h), and the end, after 8 words.
    expect(estimate.discounts).toEqual([
      { kind: 'fixed', values: [0.5, 1, 1.5] },
      { kind: 'modified', values: [0.5, 1.25, 1] },
    ]);
    const { p, gamma } = byWords(estimate);
    const share = (8 * 0.5 + 1.5) / 16 / 10;
    expect(p('<unk>')).toBeCloseTo(share, 14);
    expect(p('a')).toBeCloseTo(0.5 / 16 + share, 14);
    expect(p('</s>')).toBeCloseTo(6.5 / 16 + share, 14);
    const afterStart = (2 * 1 + 2 * 1.25 + 4 * 0.5) / 15;
    expect(gamma('<s>')).toBeCloseTo(afterStart, 14);
    expect(p('<s> a')).toBeCloseTo(3 / 15 + afterStart * p('a'), 14);
    expect(p('<s> c')).toBeCloseTo(0.75 / 15 + afterStart * p('c'), 14);
    expect(p('<s> e')).toBeCloseTo(0.5 / 15 + afterStart * p('e'), 14);
    expect(gamma('a')).toBeCloseTo(1 / 4, 14);
    expect(p('a </s>')).toBeCloseTo(3 / 4 + (1 / 4) * p('</s>'), 14);
    expect(p('e </s>')).toBeCloseTo(0.5 + 0.5 * p('</s>'), 14);
  });

  it('gives every n-gram the probability of the paper’s formulas over strings', () => {
    const random = new Random(31);
    let held = 0;
    const words = Array.from({ length: 80 }, (_, word) => `w${word}`);
    for (let trial = 0; trial < 9; trial++) {
      const order = 1 + (trial % 3);
      const text = randomText(random, 150, words);
      const estimate = estimateOf(text, order);
      if (estimate.discounts.some(({ kind }) => kind !== 'modified')) continue;
      const { counts, probs } = estimate;
      const { texts } = byWords(estimate);
      const twin = new KneserNeyByDefinition(
        text,
        order,
        texts.filter((word) => word !== '<s>'),
      );
      const histories = historiesOf(counts.tree);
      const wordsOf = (node: number): string[] =>
        node === 0 ? [] : [...wordsOf(histories[node]!), texts[counts.tree.words[node]!]!];
      for (let node = 1; node < probs.length; node += random.integer(12) + 1) {
        const words = wordsOf(node);
        if (words.join(' ') === '<s>') continue;
        expect(probs[node]).toBeCloseTo(twin.prob(words.slice(0, -1), words.at(-1)!), 12);
        held++;
      }
    }
    expect(held).toBeGreaterThan(300);
  });

  it('lets the probabilities after every history add up to one, whatever the discounts', () => {
    const random = new Random(17);
    for (let trial = 0; trial < 20; trial++) {
      const text = randomText(random, 1 + 4 * trial, ['a', 'b', 'c', 'd', 'e', 'f']);
      const options = {
        open: trial % 2 === 0,
        ...(trial % 3 === 0 && { vocabulary: ['a', 'b', 'z'] }),
      };
      const sentences = [...text, ['a']];
      const { counts, probs, backoffs } = estimateOf(sentences, 1 + (trial % 4), options);
      const { tree, vocabulary } = counts;
      const prob = (history: number, word: number): number => {
        const node = findChild(tree, history, word);
        return node >= 0 ? probs[node]! : backoffs[history]! * prob(tree.suffix[history]!, word);
      };
      for (let history = 0; history < backoffs.length; history++) {
        let sum = 0;
        for (let word = 0; word < vocabulary.size; word++) {
          if (word !== vocabulary.begin) sum += prob(history, word);
        }
        expect(sum).toBeCloseTo(1, 12);
      }
    }
  });

  it('does not depend on the order of the sentences', () => {
    const random = new Random(6);
    const text = randomText(random, 100, ['a', 'b', 'c']);
    const shuffled = random.shuffle([...text]);
    expect(estimateOf(shuffled, 3)).toEqual(estimateOf(text, 3));
  });

  it('refuses to estimate anything from nothing', () => {
    expect(() => estimateOf([], 2)).toThrow('[estimateKneserNey] expected counts, got none');
  });
});

describe('discountsOf', () => {
  it('falls back to one discount where those for twice or more are none, and says so', () => {
    // D₃₊ = 3 − 4 Y 11/14 < 0.
    const y = 5796 / (5796 + 200);
    expect(discountsOf([5796, 100, 14, 11])).toEqual({ kind: 'single', values: [y, y, y] });
    expect(discountsOf([4, 2, 0, 1]).kind).toBe('single');
  });

  it('falls back to fixed discounts where nothing was seen once, or nothing twice', () => {
    expect(discountsOf([0, 2, 1, 1])).toEqual({ kind: 'fixed', values: [0.5, 1, 1.5] });
    expect(discountsOf([3, 0, 1, 1]).kind).toBe('fixed');
  });

  it('takes nothing from what was not seen, and the last from all that was seen more often', () => {
    const discounts = discountsOf([4, 2, 1, 1]);
    expect([0, 1, 2, 3, 4, 100].map((count) => discountOf(discounts, count))).toEqual([
      0, 0.5, 1.25, 1, 1, 1,
    ]);
  });
});

describe('TextCounter', () => {
  const counted = (counter: TextCounter) => {
    const { vocabulary, tree, counts } = counter.finish();
    const of = (node: number) => counts[node];
    return { words: vocabulary.words, unigrams: [...counts.slice(1, tree.levels[2])], of };
  };

  it('counts words outside an open vocabulary as <unk>', () => {
    const counter = new TextCounter({ order: 1, open: true, vocabulary: ['b', 'a', 'b', '<unk>'] });
    counter.add(['a', 'x', 'a', '<unk>']);
    const { words, unigrams } = counted(counter);
    expect(words).toEqual(['a', 'b']);
    // a, b, </s>, <s>, <unk>
    expect(unigrams).toEqual([2, 0, 1, 0, 2]);
    expect(counter).toMatchObject({ sentences: 1, words: 4, unknown: 2, leftOut: 0 });
  });

  it('leaves out sentences with words outside a closed vocabulary', () => {
    const counter = new TextCounter({ order: 1, open: false, vocabulary: ['a', 'b'] });
    counter.add(['a', 'x']);
    counter.add(['b', 'a']);
    expect(counted(counter).unigrams).toEqual([1, 1, 1, 0]);
    expect(counter).toMatchObject({ sentences: 1, words: 2, unknown: 0, leftOut: 1 });
  });

  it('counts what ends where a sentence begins and ends no further back than that', () => {
    const counter = new TextCounter({ order: 3, open: false });
    counter.add(['b', 'a', 'b']);
    counter.add(['b']);
    const { vocabulary, tree, counts } = counter.finish();
    const texts = ['a', 'b', '</s>', '<s>'];
    expect(texts.map((_, word) => wordText(vocabulary, word))).toEqual(texts);
    const count = (ngram: string) => {
      const words = ngram.split(' ').map((word) => texts.indexOf(word));
      return counts[words.reduce((node, word) => findChild(tree, node, word), 0)];
    };
    const ngrams = ['b', '<s> b', '<s> b a', 'b a', 'b a b', 'a b </s>', 'b </s>', '<s> b </s>'];
    expect(ngrams.map(count)).toEqual([3, 2, 1, 1, 1, 1, 2, 1]);
    expect(tree.words.length - 1).toBe(4 + 4 + 4);
  });

  it.each([[['<s>']], [['a', '</s>']], [['a b']], [['']]])('refuses the words %j', (words) => {
    const counter = new TextCounter({ order: 2, open: true });
    expect(() => counter.add(words)).toThrow(/^\[TextCounter\] expected a word that can be said/u);
    expect(() => new TextCounter({ order: 2, open: true, vocabulary: words })).toThrow(RangeError);
    expect(() => new TextCounter({ order: 0, open: true })).toThrow(
      /an order of at least 1, got 0/u,
    );
  });
});
