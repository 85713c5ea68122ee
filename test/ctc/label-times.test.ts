import { describe, expect, it } from 'vitest';
import { labelTimesSchema, type MarkedWord, wordSpans } from '../../src/ctc/label-times.ts';
import { Random } from '../../src/math/random.ts';

const marked = (
  firstSeconds: number,
  lastSeconds: number,
  more: Partial<MarkedWord> = {},
): MarkedWord => ({
  ...{ firstSeconds, lastSeconds, startOffset: -0.1, endOffset: 0.2 },
  ...{ earliestSeconds: 0, latestSeconds: 10, ...more },
});
const boundsOf = (words: readonly MarkedWord[], areMeasured: boolean) =>
  wordSpans(words, areMeasured).map(({ startSeconds, endSeconds }) =>
    [startSeconds, endSeconds].map((seconds) => Number(seconds.toFixed(9))),
  );

describe('the time of a word', () => {
  it('is as long as its labels are known to reach, within its bounds', () => {
    expect(boundsOf([marked(1, 1.5)], true)).toEqual([[0.9, 1.7]]);
    expect(boundsOf([marked(0.04, 0.04)], true)).toEqual([[0, 0.24]]);
    const bounded = marked(1, 1.5, { earliestSeconds: 0.95, latestSeconds: 1.6 });
    expect(boundsOf([bounded], true)).toEqual([[0.95, 1.6]]);
  });

  it('ends where the next one starts, if it were to reach beyond and reaches were measured', () => {
    expect(boundsOf([marked(1, 1), marked(1.25, 1.25), marked(2, 2)], true)).toEqual([
      [0.9, 1.15],
      [1.15, 1.45],
      [1.9, 2.2],
    ]);
  });

  it('goes half-way to the next one, if the reaches of both are mere guesses', () => {
    const guessed = { startOffset: -0.15, endOffset: 0.15 };
    expect(boundsOf([marked(1, 1, guessed), marked(1.2, 1.2, guessed)], false)).toEqual([
      [0.85, 1.1],
      [1.1, 1.35],
    ]);
  });

  it('never starts before the label of the word before it', () => {
    const eager = { startOffset: -1 };
    expect(boundsOf([marked(1, 1), marked(1.25, 1.25, eager)], true)).toEqual([
      [0.9, 1],
      [1, 1.45],
    ]);
  });

  it('comes in order, without overlaps and inside the recording, whatever the labels', () => {
    const random = new Random(61);
    for (let trial = 0; trial < 500; trial++) {
      const duration = random.uniform(0.1, 2);
      let now = 0;
      const words = Array.from({ length: random.integer(6) }, () => {
        const [earliestSeconds, firstSeconds, lastSeconds, latestSeconds] = Array.from(
          { length: 4 },
          () => {
            now += random.integer(2) * random.uniform(0, 0.3);
            return Math.min(duration, now);
          },
        ) as [number, number, number, number];
        const startOffset = -random.uniform(0, 0.5);
        const endOffset = random.uniform(0, 0.5);
        return {
          ...{ earliestSeconds, firstSeconds, lastSeconds, latestSeconds, startOffset, endOffset },
        };
      });
      for (const areMeasured of [true, false]) {
        let earliest = 0;
        for (const [index, { startSeconds, endSeconds }] of wordSpans(
          words,
          areMeasured,
        ).entries()) {
          expect(startSeconds).toBeGreaterThanOrEqual(earliest);
          expect(startSeconds).toBeLessThanOrEqual(words[index]!.firstSeconds);
          expect(endSeconds).toBeGreaterThanOrEqual(words[index]!.lastSeconds);
          expect(endSeconds).toBeLessThanOrEqual(duration);
          earliest = endSeconds;
        }
      }
    }
  });

  it('is not described by reaches of the wrong sign', () => {
    const others = { start: -0.1, end: 0.1 };
    const check = (one: object) => labelTimesSchema.safeParse({ labels: { one }, others }).success;
    expect(check({ start: -0.2, end: 0.3 })).toBe(true);
    expect(check({ start: 0.2, end: 0.3 })).toBe(false);
    expect(check({ start: -0.2, end: -0.3 })).toBe(false);
  });
});
