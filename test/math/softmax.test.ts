import { describe, expect, it } from 'vitest';
import { logAdd, logSoftmaxRow } from '../../src/math/log-space.ts';
import { Random } from '../../src/math/random.ts';
import { softmaxRow } from '../../src/math/softmax.ts';

function softmax(logits: readonly number[]): Float64Array | undefined {
  const probs = new Float64Array(logits.length + 2).fill(9);
  const found = softmaxRow(Float64Array.of(7, ...logits), 1, logits.length, probs, 1);
  expect([probs[0], probs.at(-1)]).toEqual([9, 9]);
  return found ? probs.subarray(1, -1) : undefined;
}

describe('softmaxRow', () => {
  it("equals Math.exp's to 1e-12 over its whole range", () => {
    const random = new Random(1);
    for (let trial = 0; trial < 2000; trial++) {
      const scale = random.pick([1, 10, 100, 700]);
      const logits = Array.from({ length: 1 + random.integer(40) }, () =>
        random.uniform(-scale, 0),
      );
      const largest = Math.max(...logits);
      const sum = logits.reduce((total, x) => total + Math.exp(x - largest), 0);
      const probs = softmax(logits)!;
      for (const [k, x] of logits.entries()) {
        expect(Math.abs((probs[k]! * sum) / Math.exp(x - largest) - 1)).toBeLessThan(1e-12);
      }
    }
  });

  it('does not change when all logits move together', () => {
    expect([...softmax([1e6, 1e6 + 1, 1e6 - 1])!]).toEqual([...softmax([0, 1, -1])!]);
  });

  it('gives no probability to logits far below the largest and to −∞', () => {
    expect([...softmax([0, -709.5, -1e30, -Infinity, -Number.MAX_VALUE])!]).toEqual([
      1, 0, 0, 0, 0,
    ]);
    expect([...softmax([Number.MAX_VALUE, -Number.MAX_VALUE])!]).toEqual([1, 0]);
    expect(softmax([0, -708])![1]! / Math.exp(-708)).toBeCloseTo(1, 11);
  });

  it('refuses rows that have no softmax', () => {
    expect(softmax([0, Number.NaN, 1])).toBeUndefined();
    expect(softmax([Number.NaN])).toBeUndefined();
    expect(softmax([0, Infinity])).toBeUndefined();
    expect(softmax([-Infinity, -Infinity])).toBeUndefined();
  });
});

describe('log space', () => {
  it('adds probabilities, zero among them', () => {
    expect(logAdd(Math.log(0.25), Math.log(0.5))).toBeCloseTo(Math.log(0.75), 15);
    expect(logAdd(-1e5, -1e5)).toBeCloseTo(-1e5 + Math.LN2, 9);
    expect(logAdd(-Infinity, -3)).toBe(-3);
    expect(logAdd(-3, -Infinity)).toBe(-3);
    expect(logAdd(-Infinity, -Infinity)).toBe(-Infinity);
  });

  it('normalises a row in place and nothing beside it', () => {
    const row = Float64Array.of(5, 1, 2, -Infinity, 5);
    logSoftmaxRow(row, 1, 3);
    const logSum = Math.log(Math.exp(1) + Math.exp(2));
    expect([row[0], row[3], row[4]]).toEqual([5, -Infinity, 5]);
    expect(row[1]).toBeCloseTo(1 - logSum, 14);
    expect(row[2]).toBeCloseTo(2 - logSum, 14);
  });
});
