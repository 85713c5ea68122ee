import { resized } from './ngram-list.ts';
import type { Vocabulary } from './ngram-model.ts';
import {
  extendTree,
  maxNodes,
  type NgramLevel,
  type NgramTree,
  sortNgrams,
  unigramTree,
} from './ngram-tree.ts';

/** How often each n-gram was said. */
export type NgramCounts = {
  readonly vocabulary: Vocabulary;
  /** Every suffix of an n-gram is in it too, so that `suffix` is one word shorter. */
  readonly tree: NgramTree;
  /** nodes; 0 for words that nobody said, and at the root */
  readonly counts: Float64Array;
};

/**
 * Counts the n-grams of sentences up to a length. A sentence has one `<s>` before it, which is a history and
 * nothing that is said, and `</s>` behind it. n-grams are kept as (history, last word) in a hash table.
 */
export class NgramCounter {
  sentences = 0;
  /** Words of all sentences. */
  words = 0;

  private readonly order: number;
  private entries = 1;
  /** entries; entry of the history; 0 is that of no words */
  private histories = new Uint32Array(1024);
  /** entries; the word as `add` was given it, `</s>` 0 and `<s>` 1 */
  private lastWords = new Uint32Array(1024);
  /** entries */
  private counts = new Float64Array(1024);
  /** an entry, or 0 where there is none; open addressing */
  private slots = new Uint32Array(4096);

  /** @param order length of the longest n-grams, at least 1 */
  constructor(order: number) {
    if (!Number.isInteger(order) || order < 1) {
      throw new RangeError(`[NgramCounter] expected an order of at least 1, got ${order}`);
    }
    this.order = order;
  }

  /** @param words numbers from 0, in any order that `finish` knows */
  add(words: readonly number[]): void {
    this.sentences++;
    this.words += words.length;
    // Entries of the words so far, by how many of them: the first is of none.
    let contexts = this.order === 1 ? [0] : [0, this.entryOf(0, 1)];
    for (let index = 0; index <= words.length; index++) {
      const word = index === words.length ? 0 : words[index]! + 2;
      const longer = [0];
      for (const context of contexts) {
        const entry = this.entryOf(context, word);
        this.counts[entry]!++;
        if (longer.length < this.order) longer.push(entry);
      }
      contexts = longer;
    }
  }

  /**
   * The counts so far.
   * @param numbers what the words that were given to `add` are in the vocabulary
   */
  finish(vocabulary: Vocabulary, numbers: Uint32Array): NgramCounts {
    const finalNumber = (word: number): number => {
      if (word === 0) return vocabulary.end;
      return word === 1 ? vocabulary.begin : numbers[word - 2]!;
    };
    const lengths = new Uint8Array(this.entries);
    const nodes = new Uint32Array(this.entries);
    const byLength: number[][] = Array.from({ length: this.order + 1 }, () => []);
    for (let entry = 1; entry < this.entries; entry++) {
      const length = lengths[this.histories[entry]!]! + 1;
      lengths[entry] = length;
      byLength[length]!.push(entry);
    }
    for (const entry of byLength[1]!) nodes[entry] = 1 + finalNumber(this.lastWords[entry]!);
    let tree = unigramTree(vocabulary.size);
    for (let length = 2; length <= this.order; length++) {
      const entries = byLength[length]!;
      const level: NgramLevel = {
        histories: Uint32Array.from(entries, (entry) => nodes[this.histories[entry]!]!),
        words: Uint32Array.from(entries, (entry) => finalNumber(this.lastWords[entry]!)),
      };
      const sorted = sortNgrams(tree, level);
      const first = tree.words.length;
      for (let index = 0; index < sorted.length; index++) {
        nodes[entries[sorted[index]!]!] = first + index;
      }
      tree = extendTree(tree, level, sorted);
    }
    const counts = new Float64Array(tree.words.length);
    for (let entry = 1; entry < this.entries; entry++) {
      counts[nodes[entry]!] = this.counts[entry]!;
    }
    return { vocabulary, tree, counts };
  }

  /** The entry of a history with one more word, made if there was none. */
  private entryOf(history: number, word: number): number {
    const mask = this.slots.length - 1;
    let slot = hash(history, word) & mask;
    for (let entry = this.slots[slot]!; entry !== 0; entry = this.slots[slot]!) {
      if (this.histories[entry] === history && this.lastWords[entry] === word) return entry;
      slot = (slot + 1) & mask;
    }
    if (this.entries === this.counts.length) this.grow();
    const entry = this.entries++;
    this.histories[entry] = history;
    this.lastWords[entry] = word;
    this.slots[slot] = entry;
    if (2 * this.entries > this.slots.length) this.rehash();
    return entry;
  }

  private grow(): void {
    const room = Math.min(2 * this.counts.length, maxNodes);
    if (room === this.counts.length) {
      throw new RangeError(`[NgramCounter] expected at most ${maxNodes} n-grams, got more`);
    }
    this.histories = resized(this.histories, room);
    this.lastWords = resized(this.lastWords, room);
    this.counts = resized(this.counts, room);
  }

  private rehash(): void {
    this.slots = new Uint32Array(4 * this.slots.length);
    const mask = this.slots.length - 1;
    for (let entry = 1; entry < this.entries; entry++) {
      let slot = hash(this.histories[entry]!, this.lastWords[entry]!) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry;
    }
  }
}

/** Both numbers mixed (the multipliers are those of MurmurHash3). */
function hash(history: number, word: number): number {
  let mixed = Math.imul(history, 0xcc9e2d51) ^ Math.imul(word, 0x1b873593);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
