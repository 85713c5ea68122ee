import { describe, expect, it } from 'vitest';
import type { HypothesisWord } from '../../src/decoding/hypothesis.ts';
import { agreement, agreementOf, alignHypotheses } from '../../src/evaluation/agreement.ts';
import { alignTokens } from '../../src/evaluation/edit-distance.ts';

/** Words that start at these seconds and last 0.4. */
function said(...words: readonly (readonly [word: string, startSeconds: number])[]) {
  return words.map(
    ([word, startSeconds]): HypothesisWord => ({
      word,
      startSeconds,
      endSeconds: startSeconds + 0.4,
      confidence: 1,
    }),
  );
}

const shown = (first: readonly HypothesisWord[], second: readonly HypothesisWord[]) =>
  alignHypotheses(first, second).map(
    ({ first, second, same }) =>
      `${first?.word ?? '·'}@${first?.startSeconds ?? ''} ${same ? '=' : '≠'} ${second?.word ?? '·'}@${second?.startSeconds ?? ''}`,
  );

describe('alignHypotheses', () => {
  it('pairs equal words, different ones, and words with nothing', () => {
    const first = said(['one', 0], ['two', 0.5], ['three', 1]);
    const second = said(['one', 0.1], ['four', 0.6], ['three', 1], ['five', 1.5]);
    expect(shown(first, second)).toEqual([
      'one@0 = one@0.1',
      'two@0.5 ≠ four@0.6',
      'three@1 = three@1',
      '·@ ≠ five@1.5',
    ]);
  });

  it('pairs that of two equal words which was said at the same time', () => {
    const twice = said(['two', 0], ['two', 1]);
    expect(shown(twice, said(['two', 0.1]))).toEqual(['two@0 = two@0.1', 'two@1 ≠ ·@']);
    expect(shown(twice, said(['two', 0.9]))).toEqual(['two@0 ≠ ·@', 'two@1 = two@0.9']);
    expect(shown(said(['two', 0.9]), twice)).toEqual(['·@ ≠ two@0', 'two@0.9 = two@1']);
  });

  it('lets no distance in time outweigh a word that both have', () => {
    expect(shown(said(['one', 0], ['two', 9]), said(['two', 0], ['six', 9]))).toEqual([
      'one@0 ≠ ·@',
      'two@9 = two@0',
      '·@ ≠ six@9',
    ]);
  });

  it('has no columns for nothing', () => {
    expect(alignHypotheses([], [])).toEqual([]);
    expect(shown([], said(['one', 0]))).toEqual(['·@ ≠ one@0']);
  });
});

describe('agreement', () => {
  it('is the share of words that both have among all columns', () => {
    expect(agreement('one two three', 'one four three')).toBeCloseTo(2 / 3, 15);
    expect(agreement('one two', 'one two three four')).toBe(0.5);
    expect(agreement('one', 'two')).toBe(0);
  });

  it('is the same whichever comes first', () => {
    expect(agreement('a b c a', 'b a c')).toBe(agreement('b a c', 'a b c a'));
  });

  it('is complete between two empty texts, and none between a text and an empty one', () => {
    expect(agreement('', ' ')).toBe(1);
    expect(agreement('one', '')).toBe(0);
  });

  it('weighs every column of many texts the same', () => {
    const texts = [
      ['a b c', 'a b c'],
      ['d', 'e'],
    ] as const;
    const words = (text: string) => text.split(' ');
    const aligned = texts.map(([one, other]) => alignTokens(words(one), words(other)));
    expect(agreementOf(aligned)).toBe(0.75);
    expect(agreementOf([])).toBe(1);
  });
});
