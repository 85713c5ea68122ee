import { describe, expect, it } from 'vitest';
import { learnLabelTimes, timedWords } from '../../../src/cli/calibrate/label-times.ts';
import type { AlignedWord } from '../../../src/decoding/aligner.ts';

const words = {
  kind: 'words',
  labels: ['<blank>', '<other>', 'one', 'two', 'three'],
  blank: 0,
  filler: 1,
} as const;
const letters = { kind: 'characters', labels: ['<blank>', ' ', 'a', 'b'], blank: 0 } as const;

const aligned = (startSeconds: number, endSeconds: number, confidence = 1): AlignedWord => ({
  ...{ word: 'one', startSeconds, endSeconds, confidence, score: -1, units: [] },
});
const times = (word: string, starts: readonly number[], ends: readonly number[] = []) =>
  starts.map((start, index) => ({ word, start, end: ends[index] }));

describe('what a clip teaches of label times', () => {
  it('is how far words reach beyond their labels, and where they end before a pause', () => {
    const pairs = [
      [aligned(1, 1.1), aligned(0.9, 1.4)],
      [aligned(1.5, 1.5), aligned(1.4, 1.7)],
      [aligned(2, 2), aligned(1.9, 2.25)],
    ] as const;
    const taught = timedWords(pairs);
    expect(taught.map(({ start }) => Number(start.toFixed(9)))).toEqual([-0.1, -0.1, -0.1]);
    expect(taught[0]!.end).toBeUndefined();
    expect(taught[1]!.end).toBeCloseTo(0.2, 9);
    expect(taught[2]!.end).toBeCloseTo(0.25, 9);
  });

  it('is nothing where the HMM is in doubt', () => {
    expect(timedWords([[aligned(1, 1.1), aligned(0.9, 1.4, 0.3)]])).toEqual([]);
  });
});

describe('learnLabelTimes', () => {
  it('takes the median of each label, and that of all for labels of few words', () => {
    const learned = learnLabelTimes(
      [
        ...times('one', [-0.1, -0.2, -0.12, -0.11, -0.1], [0.2, 0.3, 0.25, 0.24, 0.9]),
        ...times('two', [-0.3, -0.3, -0.3, -0.3, -0.3, -0.3], [0.1]),
        ...times('three', [0.5], [-0.5]),
      ],
      words,
    );
    const others = { start: -0.25, end: 0.24 };
    expect(learned).toEqual({
      labels: {
        one: { start: -0.11, end: 0.25 },
        two: { start: -0.3, end: others.end },
        three: others,
      },
      others,
    });
  });

  it('asks of characters what words begin and end with', () => {
    const learned = learnLabelTimes(
      times('ab', Array(9).fill(-0.04), Array(9).fill(0.06)),
      letters,
    );
    const others = { start: -0.04, end: 0.06 };
    expect(learned).toEqual({ labels: { a: others, b: others }, others });
  });

  it('never lets a word start behind its label or end before it', () => {
    const late = learnLabelTimes(times('one', Array(5).fill(0.1), Array(5).fill(-0.1)), words);
    expect(late!.labels['one']).toEqual({ start: 0, end: 0 });
  });

  it('learns nothing from a handful of words', () => {
    expect(learnLabelTimes(times('one', [-0.1, -0.1], [0.1, 0.1]), words)).toBeUndefined();
    expect(learnLabelTimes([], words)).toBeUndefined();
  });
});
