/**
 * Numbers pairs of whole numbers (below 2³¹, either may be negative) in the order in which they come: the
 * states of two scorers taken together, the nodes of a tree as (parent, label). A hash table with linear
 * probing in typed arrays.
 */
export class PairTable {
  /** How many pairs there are; they are numbered from 0. */
  size = 0;
  /** pairs, and room for more; their first numbers */
  first = new Int32Array(16);
  /** pairs, and room for more; their second numbers */
  second = new Int32Array(16);
  /**
   * Slots of four numbers, a power of two of them: a pair's number + 1, or 0 where none is, the pair, and one
   * that is not used, so that a look takes one line of the processor's cache. At most half are taken.
   */
  private slots = new Int32Array(4 * 32);

  /** @returns the pair's number, or −1 where it has none */
  find(first: number, second: number): number {
    return this.slots[this.slotOf(first, second)]! - 1;
  }

  /** @returns the pair's number, the next one if it has none */
  add(first: number, second: number): number {
    let slot = this.slotOf(first, second);
    const known = this.slots[slot]! - 1;
    if (known >= 0) return known;
    if (this.size === this.first.length) {
      this.grow();
      slot = this.slotOf(first, second);
    }
    this.first[this.size] = first;
    this.second[this.size] = second;
    this.size++;
    this.take(slot, this.size, first, second);
    return this.size - 1;
  }

  /** Where the pair is, or would be. */
  private slotOf(first: number, second: number): number {
    const { slots } = this;
    const mask = slots.length - 4;
    // Two rounds of multiplying and folding: neighbours in either number land far apart.
    let hash = (Math.imul(first, 0x9e3779b1) + second) | 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    for (let slot = ((hash ^ (hash >>> 13)) << 2) & mask; ; slot = (slot + 4) & mask) {
      if (slots[slot] === 0 || (slots[slot + 1] === first && slots[slot + 2] === second)) {
        return slot;
      }
    }
  }

  private take(slot: number, numberPlusOne: number, first: number, second: number): void {
    this.slots[slot] = numberPlusOne;
    this.slots[slot + 1] = first;
    this.slots[slot + 2] = second;
  }

  private grow(): void {
    const capacity = 2 * this.first.length;
    this.first = grown(this.first, capacity);
    this.second = grown(this.second, capacity);
    this.slots = new Int32Array(4 * 2 * capacity);
    for (let pair = 0; pair < this.size; pair++) {
      const first = this.first[pair]!;
      const second = this.second[pair]!;
      this.take(this.slotOf(first, second), pair + 1, first, second);
    }
  }
}

/** The same numbers in an array of that length, zeros behind them. */
export function grown<Numbers extends Int32Array | Float64Array>(
  numbers: Numbers,
  length: number,
): Numbers {
  const longer = new (numbers.constructor as new (length: number) => Numbers)(length);
  longer.set(numbers);
  return longer;
}
