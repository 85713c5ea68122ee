import { describe, expect, it } from 'vitest';
import {
  confidenceBins,
  confidenceReport,
  type JudgedWord,
  judgeWords,
} from '../../src/evaluation/confidence.ts';

const recognised = (words: Readonly<Record<string, number>>) =>
  Object.entries(words).map(([word, confidence]) => ({
    word,
    startSeconds: 0,
    endSeconds: 0,
    confidence,
  }));

describe('judgeWords', () => {
  it('finds substitutions and insertions wrong, and has no say of deletions', () => {
    expect(judgeWords('one two three', recognised({ one: 0.9, nine: 0.4, six: 0.2 }))).toEqual([
      { confidence: 0.9, right: true },
      { confidence: 0.4, right: false },
      { confidence: 0.2, right: false },
    ]);
    expect(judgeWords('One two', recognised({ TWO: 0.7 }))).toEqual([
      { confidence: 0.7, right: true },
    ]);
    expect(judgeWords('', recognised({ one: 1 }))).toEqual([{ confidence: 1, right: false }]);
  });
});

describe('confidenceReport', () => {
  const words = (count: number, confidence: number, right: boolean): JudgedWord[] =>
    Array(count).fill({ confidence, right });

  it('counts words into bins, and full confidence into the last', () => {
    const { right, wrong } = confidenceReport([
      { confidence: 0, right: false },
      { confidence: 0.05, right: true },
      { confidence: 0.999, right: true },
      { confidence: 1, right: true },
    ]);
    expect(right).toHaveLength(confidenceBins);
    expect([right[0], right[1], right[19]]).toEqual([0, 1, 2]);
    expect(wrong).toEqual([1, ...Array(19).fill(0)]);
  });

  it('finds no calibration error where confidences mean what they say', () => {
    const honest = [...words(80, 0.8, true), ...words(20, 0.8, false)];
    expect(confidenceReport(honest).calibrationError).toBeCloseTo(0, 12);
  });

  it('weighs each bin’s error by its words', () => {
    // 30 words at 0.9, of which 24 right: |0.8 − 0.9|; 10 at 0.3, of which 5 right: |0.5 − 0.3|.
    const mixed = [
      ...words(24, 0.9, true),
      ...words(6, 0.9, false),
      ...words(5, 0.3, true),
      ...words(5, 0.3, false),
    ];
    expect(confidenceReport(mixed).calibrationError).toBeCloseTo(0.75 * 0.1 + 0.25 * 0.2, 12);
  });

  it('knows of nothing without words', () => {
    expect(confidenceReport([]).calibrationError).toBe(0);
  });
});
