import { describe, expect, it } from 'vitest';
import { quantile, spanDifferences } from '../../src/evaluation/time-differences.ts';

describe('quantile', () => {
  it('lies straight between the values next to it', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0)).toBe(1);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
    expect(quantile([10, 20], 0.9)).toBeCloseTo(19, 12);
    expect(quantile([7], 0.3)).toBe(7);
    expect(quantile([], 0.5)).toBe(0);
  });
});

describe('spanDifferences', () => {
  it('takes starts and ends apart, whichever is earlier', () => {
    const at = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });
    const { words, start, end } = spanDifferences([
      [at(1, 2), at(1.5, 2)],
      [at(3, 4), at(2.5, 5)],
      [at(6, 7), at(6, 7)],
    ]);
    expect(words).toBe(3);
    expect(start).toEqual({ mean: 1 / 3, median: 0.5, ninetieth: 0.5, largest: 0.5 });
    expect(end).toEqual({ mean: 1 / 3, median: 0, ninetieth: 0.8, largest: 1 });
  });

  it('finds none without words', () => {
    const none = { mean: 0, median: 0, ninetieth: 0, largest: 0 };
    expect(spanDifferences([])).toEqual({ words: 0, start: none, end: none });
  });
});
