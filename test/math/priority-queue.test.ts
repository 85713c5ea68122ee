import { describe, expect, it } from 'vitest';
import { PriorityQueue } from '../../src/math/priority-queue.ts';
import { Random } from '../../src/math/random.ts';

describe('a priority queue', () => {
  it('gives the most urgent first and equals in their order, whatever comes between', () => {
    const random = new Random(3);
    const queue = new PriorityQueue();
    const waiting: { item: number; priority: number }[] = [];
    for (let step = 0; step < 2000; step++) {
      if (random.chance(0.6)) {
        const priority = random.chance(0.1) ? Infinity : random.integer(20);
        waiting.push({ item: queue.push(priority), priority });
        waiting.sort((a, b) =>
          a.priority === b.priority ? a.item - b.item : b.priority - a.priority,
        );
      } else {
        expect(queue.pop()).toBe(waiting.shift()?.item);
      }
    }
    while (waiting.length > 0) expect(queue.pop()).toBe(waiting.shift()!.item);
    expect(queue.pop()).toBeUndefined();
  });

  it('refuses NaN', () => {
    expect(() => new PriorityQueue().push(Number.NaN)).toThrow(RangeError);
  });
});
