import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NgramScorer } from '../../../src/language/ngram/ngram-scorer.ts';
import { Random } from '../../../src/math/random.ts';
import { arpaFile, BackOffModel, type WrittenNgram } from '../../reference/back-off-model.ts';
import { asArpa, estimated, parseArpa, randomNgrams, randomText } from './made-up-models.ts';

const scorerOf = (ngrams: readonly WrittenNgram[], weight = 1) =>
  new NgramScorer(parseArpa(arpaFile(ngrams)), { weight });

/** A small model: bigrams with and without back-off weights, one trigram. */
const small: WrittenNgram[] = [
  { words: ['<s>'], prob: '-99', backoff: '-0.3' },
  { words: ['a'], prob: '-0.5', backoff: '-0.2' },
  { words: ['b'], prob: '-0.7', backoff: '' },
  { words: ['c'], prob: '-1.1', backoff: '' },
  { words: ['</s>'], prob: '-0.6', backoff: '' },
  { words: ['<unk>'], prob: '-2', backoff: '' },
  { words: ['a', 'b'], prob: '-0.4', backoff: '-0.1' },
  { words: ['b', 'c'], prob: '-0.9', backoff: '' },
  { words: ['a', 'b', 'c'], prob: '-0.25', backoff: '' },
];

describe('NgramScorer', () => {
  it('gives to the bit what the definition of an ARPA file says, for any order', () => {
    const random = new Random(1);
    for (let trial = 0; trial < 60; trial++) {
      const hasUnknown = random.chance(0.5);
      const ngrams = randomNgrams(random, { order: 1 + (trial % 5), hasUnknown });
      const twin = new BackOffModel(
        ngrams.map((ngram) => (ngram.prob === '-inf' ? { ...ngram, prob: '-Infinity' } : ngram)),
      );
      const scorer = scorerOf(ngrams);
      for (let sentence = 0; sentence < 10; sentence++) {
        const history = ['<s>'];
        let state = scorer.start;
        for (let length = random.integer(8); length > 0 && state >= 0; length--) {
          const word = random.integer(scorer.words.length + 1) - 1;
          const text = word < 0 ? '<unk>' : scorer.words[word]!;
          const foreseen = scorer.weightOf(state, word);
          state = scorer.next(state, word);
          expect(scorer.logWeight).toBe(twin.logProb(history, text));
          expect(foreseen).toBe(scorer.logWeight);
          expect(state === -1).toBe(scorer.logWeight === -Infinity);
          history.push(text);
        }
        if (state < 0) continue;
        scorer.end(state);
        expect(scorer.logWeight).toBe(twin.logProb(history, '</s>'));
      }
    }
  });

  it('adds up back-off weights and probabilities as worked by hand', () => {
    const scorer = scorerOf(small);
    const [a, b, c] = ['a', 'b', 'c'].map((word) => scorer.words.indexOf(word)) as number[];
    const base10 = () => scorer.logWeight / Math.LN10;
    let state = scorer.next(scorer.start, a!);
    expect(base10()).toBeCloseTo(-0.3 - 0.5, 6);
    state = scorer.next(state, b!);
    expect(base10()).toBeCloseTo(-0.4, 6);
    expect(scorer.weightOf(state, a!) / Math.LN10).toBeCloseTo(-0.1 - 0.5, 6);
    state = scorer.next(state, c!);
    expect(base10()).toBeCloseTo(-0.25, 6);
    scorer.end(state);
    expect(base10()).toBeCloseTo(-0.6, 6);
  });

  it('shares a state between histories that have one future', () => {
    const scorer = scorerOf(small);
    const stateAfter = (...words: string[]) =>
      words.reduce((state, word) => scorer.next(state, scorer.words.indexOf(word)), scorer.start);
    // c begins no n-gram and has no back-off weight, with and without what stands before it.
    expect(stateAfter('a', 'b', 'c')).toBe(stateAfter('c'));
    expect(stateAfter('c')).toBe(stateAfter('x'));
    // b goes on to c alone, and a b to c otherwise.
    expect(stateAfter('c', 'b')).toBe(stateAfter('b'));
    expect(stateAfter('a', 'b')).not.toBe(stateAfter('b'));
    expect(stateAfter('b', 'a')).toBe(stateAfter('a'));
    expect(new Set([stateAfter(), stateAfter('a'), stateAfter('b'), stateAfter('c')]).size).toBe(4);
  });

  it('never joins histories of different futures', () => {
    const random = new Random(5);
    const order = 3;
    const ngrams = randomNgrams(random, { order, hasUnknown: true });
    const possible = ngrams.map((ngram) => ({ ...ngram, prob: ngram.prob.replace('inf', '9') }));
    const scorer = scorerOf(possible);
    const twin = new BackOffModel(possible);
    const futures = new Map<number, string>();
    const visit = (state: number, history: readonly string[]): void => {
      const future = JSON.stringify(
        scorer.words.flatMap((first) => [
          twin.logProb(history, first),
          ...scorer.words.map((second) => twin.logProb([...history, first], second)),
        ]),
      );
      expect(futures.get(state) ?? future).toBe(future);
      futures.set(state, future);
      if (history.length > 4) return;
      for (const [number, word] of scorer.words.entries()) {
        visit(scorer.next(state, number), [...history, word]);
      }
    };
    visit(scorer.start, ['<s>']);
    expect(futures.size).toBeGreaterThan(4);
  });

  it('lets no unknown word follow in a model without <unk>', () => {
    const scorer = scorerOf(small.filter(({ words }) => words[0] !== '<unk>'));
    expect(scorer.next(scorer.start, -1)).toBe(-1);
    expect(scorer.logWeight).toBe(-Infinity);
  });

  it('has only words that can be said, and finds <UNK> too', () => {
    const renamed = small.map((ngram) =>
      ngram.words[0] === '<unk>' ? { ...ngram, words: ['<UNK>'] } : ngram,
    );
    const scorer = scorerOf(renamed);
    expect(scorer.words).toEqual(['a', 'b', 'c']);
    scorer.next(0, -1);
    expect(scorer.logWeight / Math.LN10).toBeCloseTo(-2, 6);
  });

  it('begins with no history where a model has no <s>', () => {
    const scorer = scorerOf(small.filter(({ words }) => words[0] !== '<s>'));
    expect(scorer.start).toBe(0);
    scorer.next(scorer.start, scorer.words.indexOf('a'));
    expect(scorer.logWeight / Math.LN10).toBeCloseTo(-0.5, 6);
  });

  it('multiplies by its weight, and keeps what is impossible so at weight 0', () => {
    const plain = scorerOf(small);
    const half = scorerOf(small, 0.5);
    const none = scorerOf(
      small.filter(({ words }) => words[0] !== '<unk>'),
      0,
    );
    plain.next(plain.start, 0);
    half.next(half.start, 0);
    expect(half.logWeight).toBe(plain.logWeight / 2);
    none.next(none.start, -1);
    expect(none.logWeight).toBe(-Infinity);
    none.next(none.start, 0);
    expect(none.logWeight).toBe(-0);
    expect(() => scorerOf(small, -1)).toThrow('[NgramScorer] expected a weight from 0, got -1');
  });

  it('gives every history probabilities that add up to one, estimated from a text', () => {
    const text = randomText(new Random(2), 300, ['a', 'b', 'c', 'd', 'e']);
    const model = parseArpa(asArpa(estimated(text, 4)));
    const scorer = new NgramScorer(model);
    const visit = (state: number, depth: number): void => {
      scorer.end(state);
      let sum = Math.exp(scorer.logWeight);
      for (let word = -1; word < scorer.words.length; word++) {
        sum += Math.exp(scorer.weightOf(state, word));
      }
      expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
      if (depth === 4) return;
      for (let word = -1; word < scorer.words.length; word++) {
        visit(scorer.next(state, word), depth + 1);
      }
    };
    visit(scorer.start, 0);
  });

  it('agrees with IRSTLM about a model that IRSTLM made', () => {
    const golden = JSON.parse(
      readFileSync(new URL('../../golden/irstlm_scores.json', import.meta.url), 'utf8'),
    ) as { arpa: string[]; scores: { history: string[]; word: string; logProb: number }[] };
    const { vocabulary, ...model } = parseArpa(golden.arpa.join('\n'));
    const scorer = new NgramScorer({ vocabulary, ...model });
    const numbers = new Map(vocabulary.words.map((word, number) => [word, number]));
    numbers.set('<s>', vocabulary.begin).set('</s>', vocabulary.end);
    let largest = 0;
    for (const { history, word, logProb } of golden.scores) {
      const state = history.reduce((at, earlier) => scorer.next(at, numbers.get(earlier) ?? -1), 0);
      const ours = scorer.weightOf(state, numbers.get(word) ?? -1);
      largest = Math.max(largest, Math.abs(ours - logProb));
    }
    expect(golden.scores.length).toBeGreaterThan(100);
    // Both keep 24 bits, IRSTLM of logarithms to base 10; of numbers up to 8 that leaves 2⁻²² a term.
    expect(largest).toBeLessThan(1e-6);
  });
});
