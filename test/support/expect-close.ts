import { expect } from 'vitest';

/** Fails unless numbers differ by no more than the tolerance; NaN is close to nothing. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  expect(actual.length).toBe(expected.length);
  for (let index = 0; index < actual.length; index++) {
    const difference = Math.abs(actual[index]! - expected[index]!);
    if (!(difference <= tolerance)) {
      expect.fail(`expected ${expected[index]} at ${index}, got ${actual[index]}`);
    }
  }
}
