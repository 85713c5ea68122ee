import { describe, expect, it } from 'vitest';
import { PairTable } from '../../src/language/pair-table.ts';
import { Random } from '../../src/math/random.ts';

describe('a table of pairs', () => {
  it('numbers pairs as they come and knows them again, like a map of strings', () => {
    const random = new Random(1);
    const table = new PairTable();
    const numbers = new Map<string, number>();
    const draw = () => random.integer(50) - 1;
    for (let trial = 0; trial < 3000; trial++) {
      const [first, second] = [draw(), draw()];
      const key = `${first} ${second}`;
      expect(table.find(first, second)).toBe(numbers.get(key) ?? -1);
      if (random.chance(0.5)) continue;
      if (!numbers.has(key)) numbers.set(key, numbers.size);
      const number = table.add(first, second);
      expect(number).toBe(numbers.get(key));
      expect([table.first[number], table.second[number]]).toEqual([first, second]);
    }
    expect(table.size).toBe(numbers.size);
  });

  it('holds the largest and smallest numbers apart', () => {
    const table = new PairTable();
    const ends = [2 ** 31 - 1, -(2 ** 31), 0, -1];
    for (const first of ends) for (const second of ends) table.add(first, second);
    expect(table.size).toBe(16);
    expect(table.find(-(2 ** 31), 2 ** 31 - 1)).toBe(4);
  });
});
