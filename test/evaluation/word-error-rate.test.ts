import { describe, expect, it } from 'vitest';
import {
  characterErrorRate,
  charactersOf,
  sentenceErrorRate,
  wordErrorRate,
} from '../../src/evaluation/word-error-rate.ts';

describe('wordErrorRate', () => {
  it('divides the errors of all utterances by the words of all references', () => {
    const rate = wordErrorRate([
      { reference: 'one two three', hypothesis: 'one three three' },
      { reference: 'four', hypothesis: 'four five' },
      { reference: 'six seven', hypothesis: 'six' },
    ]);
    expect(rate).toEqual({
      hits: 4,
      substitutions: 1,
      deletions: 1,
      insertions: 1,
      errors: 3,
      referenceLength: 6,
      rate: 0.5,
    });
  });

  it('weighs words, not utterances', () => {
    const long = { reference: 'a b c d e f g h i', hypothesis: 'a b c d e f g h i' };
    expect(wordErrorRate([long, { reference: 'x', hypothesis: 'y' }]).rate).toBeCloseTo(0.1, 12);
  });

  it('exceeds one when more is inserted than was said', () => {
    expect(wordErrorRate([{ reference: 'one', hypothesis: 'two three four' }]).rate).toBe(3);
  });

  it('is infinite when nothing was said and words were found, and zero when none were', () => {
    expect(wordErrorRate([{ reference: '', hypothesis: 'one' }]).rate).toBe(Infinity);
    expect(wordErrorRate([{ reference: ' ', hypothesis: '' }]).rate).toBe(0);
    expect(wordErrorRate([]).rate).toBe(0);
  });

  it('pays no attention to case and to how much white space stands between words', () => {
    expect(wordErrorRate([{ reference: ' ONE\ttwo ', hypothesis: 'one  two\n' }]).errors).toBe(0);
  });
});

describe('characterErrorRate', () => {
  it('counts the space between words as a character', () => {
    const rate = characterErrorRate([{ reference: 'on to', hypothesis: 'onto' }]);
    expect(rate).toMatchObject({ deletions: 1, errors: 1, referenceLength: 5, rate: 0.2 });
  });

  it('takes a composed and a decomposed letter for the same one character', () => {
    expect(charactersOf('e\u0301')).toEqual(['\u00e9']);
    expect(charactersOf('\u{1f600}a')).toEqual(['\u{1f600}', 'a']);
  });
});

describe('sentenceErrorRate', () => {
  it('counts an utterance as wrong however many of its words are', () => {
    const rate = sentenceErrorRate([
      { reference: 'one two', hypothesis: 'one  two' },
      { reference: 'one two', hypothesis: 'three four' },
      { reference: 'one two', hypothesis: 'one' },
      { reference: '', hypothesis: '' },
    ]);
    expect(rate).toEqual({ sentences: 4, wrong: 2, rate: 0.5 });
  });

  it('is zero over no utterances', () => {
    expect(sentenceErrorRate([])).toEqual({ sentences: 0, wrong: 0, rate: 0 });
  });
});
