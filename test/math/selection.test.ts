import { describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { nthLargest } from '../../src/math/selection.ts';

describe('selecting the nth largest', () => {
  it('gives what sorting gives, with equals and infinities too, and loses nothing', () => {
    const random = new Random(1);
    for (let trial = 0; trial < 500; trial++) {
      const count = 1 + random.integer(40);
      const values = Float64Array.from({ length: count + 3 }, () =>
        random.chance(0.1) ? -Infinity : random.integer(1 + random.integer(50)),
      );
      const sorted = Array.from(values.subarray(0, count)).sort((a, b) => b - a);
      const rest = values.slice(count);
      const n = 1 + random.integer(count);
      expect(nthLargest(values, count, n)).toBe(sorted[n - 1]);
      expect(Array.from(values.subarray(0, count)).sort((a, b) => b - a)).toEqual(sorted);
      expect(values.slice(count)).toEqual(rest);
    }
  });
});
