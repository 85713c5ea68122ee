import { describe, expect, it } from 'vitest';
import { expOfFall } from '../../src/math/exponential.ts';
import { Random } from '../../src/math/random.ts';

describe('expOfFall', () => {
  it("equals Math.exp's to 1e-12 over its whole range", () => {
    const random = new Random(1);
    for (let trial = 0; trial < 20_000; trial++) {
      const fall = random.uniform(0, random.pick([1e-6, 1, 10, 100, 708]));
      const error = Math.abs(expOfFall(fall) / Math.exp(-fall) - 1);
      if (!(error < 1e-12)) expect.fail(`expected e^-${fall} to 1e-12, got an error of ${error}`);
    }
  });

  it('is one at zero, zero from 709.1 on, and NaN for NaN', () => {
    expect([0, 709.1, 1e9, Number.MAX_VALUE, Infinity, NaN].map(expOfFall)).toEqual([
      1,
      0,
      0,
      0,
      0,
      NaN,
    ]);
  });
});
