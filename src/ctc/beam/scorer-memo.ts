import {
  type GainBounds,
  type LabelScorer,
  mostFavoured,
  scorePartCount,
} from '../../language/scorers.ts';
import type { LabelSet } from './frame-scores.ts';
import { enlarged } from './prefixes.ts';

const unknown = -1;

const unbounded: GainBounds = { most: Infinity, usual: Infinity, favoured: [] };

/**
 * What a scorer says of each state and label, asked once: prefixes are many, the states that they lead to
 * are few. A state has a block with a place for each label, which has the number of what was said of it: of most
 * labels nobody asks.
 */
export class ScorerMemo {
  /** While a scorer lives, searches that ask it, one after another or in turns, share what it said. */
  private static readonly memos = new WeakMap<LabelScorer, ScorerMemo>();

  static of(scorer: LabelScorer, labelSet: LabelSet): ScorerMemo {
    const known = ScorerMemo.memos.get(scorer);
    if (known?.fits(labelSet)) return known;
    const memo = new ScorerMemo(scorer, labelSet);
    ScorerMemo.memos.set(scorer, memo);
    return memo;
  }

  private readonly scorer: LabelScorer;
  readonly labels: number;
  /** How many of the labels can be asked about: all but the silent ones. */
  private readonly voiced: number;
  private readonly mostEntries: number;
  private readonly blocks = new Map<number, number>();
  /** How often all was forgotten. */
  clearings = 0;
  private capacity = 16;
  /** The entry of each label; −1 where nobody asked; `[block * labels + label]` */
  entries: Int32Array;
  /** blocks; no gain of the block is larger: the scorer's word for it (else +∞) until all of it was asked */
  mostGains: Float64Array;
  /** blocks; the same of the labels that are not favoured */
  usualGains: Float64Array;
  /** blocks; the labels that may gain more, the lowest first; `[block * mostFavoured + place]` */
  favoured: Int32Array;
  /** blocks; how many they are */
  favouredCounts: Int32Array;
  /** blocks; the largest gain of what was asked */
  private askedGains: Float64Array;
  /** blocks; how many labels were asked */
  private askedCounts: Int32Array;
  private entryCount = 0;
  private entryCapacity = 64;
  /** entries; the sum of the parts that the label is worth; −∞ where it may not follow */
  gains = new Float64Array(this.entryCapacity);
  /** entries; the state after the label */
  states = new Float64Array(this.entryCapacity);
  /** entries; the block of that state, where it was looked up */
  private nextBlocks = new Int32Array(this.entryCapacity);
  /** `[entry * scorePartCount + part]` */
  parts = new Float64Array(this.entryCapacity * scorePartCount);

  /** @param mostEntries beyond which it calls itself full; by default they take 46 MB, their places 34 MB */
  constructor(scorer: LabelScorer, { labels, silent }: LabelSet, mostEntries = 1 << 20) {
    this.scorer = scorer;
    this.labels = labels;
    this.voiced = labels - silent.length;
    this.mostEntries = mostEntries;
    this.entries = new Int32Array(this.capacity * labels).fill(unknown);
    this.mostGains = new Float64Array(this.capacity);
    this.usualGains = new Float64Array(this.capacity);
    this.favoured = new Int32Array(this.capacity * mostFavoured);
    this.favouredCounts = new Int32Array(this.capacity);
    this.askedGains = new Float64Array(this.capacity);
    this.askedCounts = new Int32Array(this.capacity);
  }

  get isFull(): boolean {
    const { mostEntries, blocks, labels } = this;
    return this.entryCount > mostEntries || blocks.size * labels > 8 * mostEntries;
  }

  private fits({ labels, silent }: LabelSet): boolean {
    return labels === this.labels && labels - silent.length === this.voiced;
  }

  /** Takes back every block that was given out, which `clearings` tells those who have some. */
  clear(): void {
    this.clearings++;
    this.entries.fill(unknown, 0, this.blocks.size * this.labels);
    this.entryCount = 0;
    this.blocks.clear();
  }

  /** The block of a state. It may put other arrays in the place of this memo's. */
  blockOf(state: number): number {
    const known = this.blocks.get(state);
    if (known !== undefined) return known;
    const block = this.blocks.size;
    this.blocks.set(state, block);
    if (block === this.capacity) this.growBlocks();
    const { most, usual, favoured } = this.scorer.gainBounds?.(state) ?? unbounded;
    this.mostGains[block] = most;
    this.usualGains[block] = usual;
    this.favoured.set(favoured, block * mostFavoured);
    this.favouredCounts[block] = favoured.length;
    this.askedGains[block] = Number.NEGATIVE_INFINITY;
    this.askedCounts[block] = 0;
    return block;
  }

  /** The block of the state that an entry leads to. It may put other arrays in the place of this memo's. */
  blockAfter(entry: number): number {
    const known = this.nextBlocks[entry]!;
    if (known !== unknown) return known;
    const block = this.blockOf(this.states[entry]!);
    this.nextBlocks[entry] = block;
    return block;
  }

  /**
   * Asks what a label is worth after the state of a block and returns the entry that it made. It may put other
   * arrays in the place of those of entries.
   */
  ask(state: number, label: number, block: number): number {
    const { scorer } = this;
    const entry = this.entryCount++;
    if (entry === this.entryCapacity) this.growEntries();
    const next = scorer.next(state, label);
    let gain = 0;
    for (let part = 0; part < scorePartCount; part++) {
      const worth = scorer.parts[part]!;
      this.parts[entry * scorePartCount + part] = worth;
      gain += worth;
    }
    if (next < 0) gain = Number.NEGATIVE_INFINITY;
    this.states[entry] = next;
    this.nextBlocks[entry] = unknown;
    this.gains[entry] = gain;
    this.entries[block * this.labels + label] = entry;
    if (gain > this.askedGains[block]!) this.askedGains[block] = gain;
    this.askedCounts[block]!++;
    if (this.askedCounts[block] === this.voiced) this.boundByAsked(block);
    return entry;
  }

  /** Once all labels were asked about. */
  private boundByAsked(block: number): void {
    const most = this.askedGains[block]!;
    this.mostGains[block] = most;
    if (this.usualGains[block]! > most) this.usualGains[block] = most;
  }

  private growBlocks(): void {
    const before = this.capacity * this.labels;
    this.capacity *= 2;
    this.entries = enlarged(this.entries, this.capacity * this.labels).fill(unknown, before);
    this.mostGains = enlarged(this.mostGains, this.capacity);
    this.usualGains = enlarged(this.usualGains, this.capacity);
    this.favoured = enlarged(this.favoured, this.capacity * mostFavoured);
    this.favouredCounts = enlarged(this.favouredCounts, this.capacity);
    this.askedGains = enlarged(this.askedGains, this.capacity);
    this.askedCounts = enlarged(this.askedCounts, this.capacity);
  }

  private growEntries(): void {
    this.entryCapacity *= 2;
    this.gains = enlarged(this.gains, this.entryCapacity);
    this.states = enlarged(this.states, this.entryCapacity);
    this.nextBlocks = enlarged(this.nextBlocks, this.entryCapacity);
    this.parts = enlarged(this.parts, this.entryCapacity * scorePartCount);
  }
}
