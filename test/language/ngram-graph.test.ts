import { describe, expect, it } from 'vitest';
import { compileNgrams, type Ngram, ngramSchema } from '../../src/language/ngram-graph.ts';
import { Random } from '../../src/math/random.ts';
import { sayingsOf } from '../reference/grammar-enumeration.ts';

/** ln of the best way to say the words after a history: each by its n-gram, or backing off (Katz 1987). */
function logProbOf(
  ngrams: readonly Ngram[],
  history: readonly string[],
  words: readonly string[],
): number {
  const find = (wanted: readonly string[]) =>
    ngrams.find((ngram) => ngram.words.join(' ') === wanted.join(' '));
  const order = Math.max(...ngrams.map((ngram) => ngram.words.length));
  const isHistory = (wanted: readonly string[]) =>
    wanted.length === 0 || (wanted.length < order && find(wanted) !== undefined);
  if (!isHistory(history)) return logProbOf(ngrams, history.slice(1), words);
  const [word, ...rest] = words;
  if (word === undefined) return 0;
  const listed = find([...history, word]);
  const backoff = find(history)?.logBackoff ?? 0;
  return Math.max(
    listed === undefined
      ? -Infinity
      : listed.logProb + logProbOf(ngrams, word === '</s>' ? [] : [...history, word], rest),
    history.length === 0 ? -Infinity : backoff + logProbOf(ngrams, history.slice(1), words),
  );
}

/** A model whose n-grams are drawn, each with those it begins with. */
function randomModel(random: Random, order: number): Ngram[] {
  const ngrams: Ngram[] = [];
  const grow = (history: readonly string[]): void => {
    for (const word of ['a', 'b', '</s>']) {
      if (history.length > 0 && random.chance(0.5)) continue;
      const words = [...history, word];
      const longest = words.length === order || word === '</s>';
      const logProb = -0.1 - 2 * random.next();
      ngrams.push(longest ? { words, logProb } : { words, logProb, logBackoff: random.gaussian() });
      if (!longest) grow(words);
    }
  };
  grow([]);
  ngrams.push({ words: ['<s>'], logProb: -99, logBackoff: random.gaussian() });
  if (order > 1) grow(['<s>']);
  return ngrams;
}

describe('an n-gram model as a graph', () => {
  it('weighs each sentence as the back-off recursion does, for any order', () => {
    const random = new Random(11);
    for (let trial = 0; trial < 60; trial++) {
      const ngrams = randomModel(random, 1 + (trial % 4));
      const sayings = sayingsOf(compileNgrams(ngrams), 4);
      for (const text of ['', 'a', 'b a', 'a a b', 'b b a a']) {
        const words = text.split(' ').filter((word) => word !== '');
        expect(sayings.get(text)).toBeCloseTo(logProbOf(ngrams, ['<s>'], [...words, '</s>']), 9);
      }
    }
  });

  it('takes a listed bigram and backs off from others, in numbers worked by hand', () => {
    const log = Math.log;
    const sayings = sayingsOf(
      compileNgrams([
        { words: ['<s>'], logProb: -99, logBackoff: log(0.5) },
        { words: ['a'], logProb: log(0.5), logBackoff: log(0.4) },
        { words: ['b'], logProb: log(0.25) },
        { words: ['</s>'], logProb: log(0.25) },
        { words: ['<s>', 'a'], logProb: log(0.7) },
        { words: ['a', '</s>'], logProb: log(0.8) },
      ]),
      2,
    );
    expect(sayings.get('a')).toBeCloseTo(log(0.7 * 0.8), 12);
    expect(sayings.get('b')).toBeCloseTo(log(0.5 * 0.25 * 0.25), 12);
    expect(sayings.get('a b')).toBeCloseTo(log(0.7 * 0.4 * 0.25 * 0.25), 12);
    expect(sayings.get('')).toBeCloseTo(log(0.5 * 0.25), 12);
  });

  it.each([
    [
      'an n-gram twice',
      [
        { words: ['a'], logProb: -1 },
        { words: ['a'], logProb: -2 },
      ],
      /each n-gram once/u,
    ],
    ['no end', [{ words: ['a'], logProb: -1 }], /one that ends in <\/s>, got none/u],
    [
      'a history that is not listed',
      [{ words: ['a', '</s>'], logProb: -1 }],
      /n-gram 0: expected the n-gram "a" too/u,
    ],
    [
      'words after the end',
      [
        { words: ['</s>'], logProb: -1 },
        { words: ['</s>', 'a'], logProb: -1 },
      ],
      /expected <\/s> last only/u,
    ],
    [
      'a start inside',
      [
        { words: ['a'], logProb: -1 },
        { words: ['a', '<s>'], logProb: -1 },
      ],
      /expected <s> first only/u,
    ],
  ])('refuses %s', (_, ngrams, message) => {
    expect(() => compileNgrams(ngrams)).toThrow(message);
  });

  it('refuses numbers that are no logarithms of probabilities', () => {
    expect(ngramSchema.safeParse({ words: ['a'], logProb: 0.1 }).success).toBe(false);
    expect(() => compileNgrams([{ words: ['</s>'], logProb: Number.NaN }])).toThrow(/finite/u);
  });
});
