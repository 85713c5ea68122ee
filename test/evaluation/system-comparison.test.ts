import { describe, expect, it } from 'vitest';
import { falseWordRule } from '../../src/evaluation/reference-slots.ts';
import {
  type ComparedClip,
  comparePairs,
  systemConfidence,
} from '../../src/evaluation/system-comparison.ts';

/** A clip with texts whose words are all of confidence 0.5. */
function clip(name: string, reference: string, ...texts: readonly string[]): ComparedClip {
  const hypotheses = texts.map((text) => ({
    text,
    words: text
      .split(' ')
      .filter(Boolean)
      .map((word) => ({ word, startSeconds: 0, endSeconds: 0, confidence: 0.5 })),
  }));
  return { clip: `${name}.wav`, corpus: name.split('/')[0]!, reference, hypotheses };
}

const clips = [
  clip('an4/1', 'one two three', 'one two three', 'one nine three'),
  clip('an4/2', 'four five', 'four', 'four'),
  clip('fsdd/1', 'six', 'six six', 'six'),
  clip('fsdd/2', 'seven', 'seven', 'seven'),
];

describe('comparePairs', () => {
  it('counts what both have, what one errs in alone, and names the clips', () => {
    const [pair, ...rest] = comparePairs(clips, 2);
    expect(rest).toEqual([]);
    expect(pair).toMatchObject({ first: 0, second: 1 });
    expect(pair!.total).toMatchObject({
      clips: 4,
      agreement: 5 / 7,
      sameText: 2,
      onlyFirst: 1,
      onlySecond: 1,
      shared: 1,
      significance: { segments: 3, meanDifference: 0, p: 1 },
    });
    expect(pair!.onlyFirst).toEqual([
      { kind: 'insertion', reference: null, hypothesis: 'six', position: 0, clip: 'fsdd/1.wav' },
    ]);
    expect(pair!.onlySecond).toEqual([
      {
        kind: 'substitution',
        reference: 'two',
        hypothesis: 'nine',
        position: 1,
        clip: 'an4/1.wav',
      },
    ]);
  });

  it('keeps corpora apart', () => {
    const { corpora } = comparePairs(clips, 2)[0]!;
    expect(corpora).toMatchObject([
      { name: 'an4', clips: 2, onlyFirst: 0, onlySecond: 1, shared: 1, agreement: 3 / 4 },
      { name: 'fsdd', clips: 2, onlyFirst: 1, onlySecond: 0, shared: 0, agreement: 2 / 3 },
    ]);
  });

  it('compares every two of three systems', () => {
    const pairs = comparePairs([clip('a/1', 'one', 'one', 'two', 'one')], 3);
    expect(pairs.map(({ first, second }) => [first, second])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    expect(pairs.map(({ total }) => total.agreement)).toEqual([0, 1, 0]);
  });

  it('counts false words alone when it is told to', () => {
    const [pair] = comparePairs(
      [clip('book/1', 'one', '', 'one two'), clip('book/2', '', 'six', '')],
      2,
      falseWordRule,
    );
    expect(pair!.total).toMatchObject({ onlyFirst: 1, onlySecond: 1, shared: 0 });
    expect(pair!.onlyFirst[0]).toMatchObject({ hypothesis: 'six', clip: 'book/2.wav' });
  });

  it('has nothing against systems that heard nothing', () => {
    expect(comparePairs([], 2)[0]!.total).toMatchObject({
      clips: 0,
      agreement: 1,
      significance: { p: 1 },
    });
  });
});

describe('systemConfidence', () => {
  it('takes the words of one system over all clips', () => {
    const count = (counts: readonly number[]) => counts.reduce((sum, n) => sum + n, 0);
    const [first, second] = [0, 1].map((system) => systemConfidence(clips, system));
    expect([count(first!.right), count(first!.wrong)]).toEqual([6, 1]);
    expect([count(second!.right), count(second!.wrong)]).toEqual([5, 1]);
    expect(second!.calibrationError).toBeCloseTo(5 / 6 - 0.5, 12);
  });
});
