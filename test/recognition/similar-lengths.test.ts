import { describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { batchesOfSimilarLength } from '../../src/recognition/similar-lengths.ts';

describe('batches of similar length', () => {
  const limits = { size: 8, frames: 4096 };
  const parted = (lengths: readonly number[], within = limits) =>
    batchesOfSimilarLength(lengths, (length) => length, within);

  it('keep together what is of one length, and apart what is not', () => {
    expect(parted([70, 70, 70])).toEqual([[70, 70, 70]]);
    expect(parted([70, 900, 71])).toEqual([[70, 71], [900]]);
    expect(parted([])).toEqual([]);
  });

  it('come shorter ones first, those of one length in their order', () => {
    const sequences = ['long', 'a', 'b', 'far longer', 'c'];
    const batches = batchesOfSimilarLength(sequences, ({ length }) => length, limits);
    expect(batches).toEqual([['a', 'b', 'c'], ['long'], ['far longer']]);
  });

  it('leave room for no more sequences and frames than there may be', () => {
    expect(parted([5, 5, 5, 5, 5], { size: 2, frames: 100 })).toEqual([[5, 5], [5, 5], [5]]);
    expect(parted([5, 5, 5, 5, 5], { size: 8, frames: 15 })).toEqual([
      [5, 5, 5],
      [5, 5],
    ]);
    expect(parted([9000, 9000])).toEqual([[9000], [9000]]);
  });

  it('put those without frames together, which cost nothing', () => {
    expect(parted([0, 3, 0])).toEqual([[0, 0], [3]]);
  });

  it('hold every sequence once, within the limits and a quarter of padding, whatever the lengths', () => {
    const random = new Random(1);
    for (let round = 0; round < 500; round++) {
      const size = 1 + random.integer(8);
      const frames = 1 + random.integer(1000);
      const most = 1 + random.integer(400);
      const lengths = Array.from({ length: random.integer(20) }, () => random.integer(most));
      const batches = parted(lengths, { size, frames });
      expect(batches.flat()).toEqual(lengths.toSorted((a, b) => a - b));
      for (const batch of batches.filter(({ length }) => length > 1)) {
        const padded = batch.length * Math.max(...batch);
        expect(batch.length).toBeLessThanOrEqual(size);
        expect(padded).toBeLessThanOrEqual(frames);
        expect(padded).toBeLessThanOrEqual(1.25 * batch.reduce((sum, length) => sum + length, 0));
      }
    }
  });
});
