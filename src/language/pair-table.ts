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
  /** A power of two; a pair's number + 1, or 0 where none is. At most half of it is taken. */
  private slots = new Int32Array(32);

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
    this.slots[slot] = ++this.size;
    return this.size - 1;
  }

  /** Where the pair is, or would be. */
  private slotOf(first: number, second: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    // Two rounds of multiplying and folding: neighbours in either number land far apart.
    let hash = (Math.imul(first, 0x9e3779b1) + second) | 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    for (let slot = (hash ^ (hash >>> 13)) & mask; ; slot = (slot + 1) & mask) {
      const pair = slots[slot]! - 1;
      if (pair < 0 || (this.first[pair] === first && this.second[pair] === second)) return slot;
    }
  }

  private grow(): void {
    const capacity = 2 * this.first.length;
    this.first = grown(this.first, capacity);
    this.second = grown(this.second, capacity);
    this.slots = new Int32Array(2 * capacity);
    for (let pair = 0; pair < this.size; pair++) {
      this.slots[this.slotOf(this.first[pair]!, this.second[pair]!)] = pair + 1;
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
