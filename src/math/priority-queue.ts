/**
 * Numbered items by priority, highest first and among equals in the order in which they came: a binary
 * heap. Items are numbered from 0 in that order.
 */
export class PriorityQueue {
  private readonly priorities: number[] = [];
  /** Items, each no less urgent than those at twice its place plus one and plus two. */
  private readonly heap: number[] = [];

  /** Adds the next item. Throws `RangeError` on NaN. */
  push(priority: number): number {
    if (Number.isNaN(priority)) {
      throw new RangeError('[PriorityQueue.push] expected a priority, got NaN');
    }
    const item = this.priorities.push(priority) - 1;
    let place = this.heap.push(item) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.precedes(item, this.heap[parent]!)) break;
      this.heap[place] = this.heap[parent]!;
      place = parent;
    }
    this.heap[place] = item;
    return item;
  }

  /** Takes out the most urgent item; undefined when there is none. */
  pop(): number | undefined {
    const { heap } = this;
    const first = heap[0];
    const item = heap.pop();
    if (item === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.precedes(heap[child + 1]!, heap[child]!)) child++;
      if (!this.precedes(heap[child]!, item)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = item;
    return first;
  }

  private precedes(a: number, b: number): boolean {
    const difference = this.priorities[a]! - this.priorities[b]!;
    return difference > 0 || (!(difference < 0) && a < b);
  }
}
