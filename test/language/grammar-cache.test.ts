import { describe, expect, it } from 'vitest';
import { SoriError } from '../../src/errors.ts';
import type { FiniteGrammar } from '../../src/language/finite-grammar.ts';
import { GrammarCache } from '../../src/language/grammar-cache.ts';

/** What is made of a list of words; its size is their number. */
type Made = { readonly words: number };
const wordsOf = (grammar: FiniteGrammar): Made => ({
  words: (grammar as { sequence: string[] }).sequence.length,
});
const cacheOf = (mostWords: number) =>
  new GrammarCache(wordsOf, ({ words }: Made) => words, mostWords);
const ofWords = (count: number): FiniteGrammar => ({ sequence: Array(count).fill('one') });

describe('GrammarCache', () => {
  it('makes of a grammar once what it is asked for twice', () => {
    const cache = cacheOf(10);
    const made = cache.get(ofWords(3));
    expect(made).toEqual({ words: 3 });
    expect(cache.get(ofWords(3))).toBe(made);
  });

  it('lets go of what was not used for longest when all of it becomes too large', () => {
    const cache = cacheOf(5);
    const [two, one] = [cache.get(ofWords(2)), cache.get(ofWords(1))];
    expect(cache.get(ofWords(2))).toBe(two);
    const three = cache.get(ofWords(3));
    expect(cache.get(ofWords(2))).toBe(two);
    expect(cache.get(ofWords(3))).toBe(three);
    expect(cache.get(ofWords(1))).not.toBe(one);
  });

  it('keeps nothing that is too large by itself, and lets nothing go for it', () => {
    const cache = cacheOf(2);
    const two = cache.get(ofWords(2));
    expect(cache.get(ofWords(3))).not.toBe(cache.get(ofWords(3)));
    expect(cache.get(ofWords(2))).toBe(two);
  });

  it('refuses a request whose grammar nothing can be made of, and passes other errors on', () => {
    const failing = (error: Error) =>
      new GrammarCache(
        () => {
          throw error;
        },
        () => 1,
        1,
      );
    const refusal = new RangeError('[compile] expected less, got more');
    expect(() => failing(refusal).get('one')).toThrow(SoriError);
    expect(() => failing(refusal).get('one')).toThrow('grammar: expected less, got more');
    const fault = new TypeError('fault');
    expect(() => failing(fault).get('one')).toThrow(fault);
  });
});
