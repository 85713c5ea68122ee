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
 * are few. A state that was asked about has a block of entries, one a label; `[block * labels + label]`.
 */
export class ScorerMemo {
  private readonly scorer: LabelScorer;
  readonly labels: number;
  /** How many of the labels can be asked about: all but the silent ones. */
  private readonly voiced: number;
  private readonly mostEntries: number;
  private readonly blocks = new Map<number, number>();
  private capacity = 16;
  /** The sum of the parts that the label is worth; −∞ where it may not follow, NaN where nobody asked. */
  gains: Float64Array;
  /** The state after the label. */
  states: Float64Array;
  /** The block of that state, where it was looked up. */
  private nextBlocks: Int32Array;
  /** `[entry * scorePartCount + part]` */
  parts: Float64Array;
  /** blocks; no gain of the block is larger: the scorer's word for it (else +∞) until all of it was asked */
  mostGains: Float64Array;
  /** blocks; the same of the labels that are not favoured */
  usualGains: Float64Array;
  /** blocks; the labels that may gain more, the lowest first; `[block * mostFavoured + place]` */
  favoured: Int32Array;
  /** blocks; how many they are */
  favouredCounts: Int32Array;
  /** blocks; the same of what was asked */
  private askedGains: Float64Array;
  /** blocks; how many labels were asked */
  private askedCounts: Int32Array;

  /** @param mostEntries beyond which it calls itself full; by default they take 40 MB */
  constructor(scorer: LabelScorer, { labels, silent }: LabelSet, mostEntries = 1 << 20) {
    this.scorer = scorer;
    this.labels = labels;
    this.voiced = labels - silent.length;
    this.mostEntries = mostEntries;
    this.gains = new Float64Array(this.capacity * labels).fill(Number.NaN);
    this.states = new Float64Array(this.capacity * labels);
    this.nextBlocks = new Int32Array(this.capacity * labels);
    this.parts = new Float64Array(this.capacity * labels * scorePartCount);
    this.mostGains = new Float64Array(this.capacity);
    this.usualGains = new Float64Array(this.capacity);
    this.favoured = new Int32Array(this.capacity * mostFavoured);
    this.favouredCounts = new Int32Array(this.capacity);
    this.askedGains = new Float64Array(this.capacity);
    this.askedCounts = new Int32Array(this.capacity);
  }

  get isFull(): boolean {
    return this.blocks.size * this.labels > this.mostEntries;
  }

  /** Takes back every block that was given out. */
  clear(): void {
    this.gains.fill(Number.NaN, 0, this.blocks.size * this.labels);
    this.blocks.clear();
  }

  /** The block of a state. It may put other arrays in the place of this memo's. */
  blockOf(state: number): number {
    const known = this.blocks.get(state);
    if (known !== undefined) return known;
    const block = this.blocks.size;
    this.blocks.set(state, block);
    if (block === this.capacity) this.grow();
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

  /** Asks what a label is worth after the state of a block, fills its entry and returns the gain. */
  ask(state: number, label: number, block: number): number {
    const { scorer, parts } = this;
    const entry = block * this.labels + label;
    const next = scorer.next(state, label);
    let gain = 0;
    for (let part = 0; part < scorePartCount; part++) {
      const worth = scorer.parts[part]!;
      parts[entry * scorePartCount + part] = worth;
      gain += worth;
    }
    if (next < 0) gain = Number.NEGATIVE_INFINITY;
    this.states[entry] = next;
    this.nextBlocks[entry] = unknown;
    this.gains[entry] = gain;
    if (gain > this.askedGains[block]!) this.askedGains[block] = gain;
    this.askedCounts[block]!++;
    if (this.askedCounts[block] === this.voiced) this.boundByAsked(block);
    return gain;
  }

  /** Once all labels were asked about. */
  private boundByAsked(block: number): void {
    const most = this.askedGains[block]!;
    this.mostGains[block] = most;
    if (this.usualGains[block]! > most) this.usualGains[block] = most;
  }

  private grow(): void {
    const before = this.capacity * this.labels;
    this.capacity *= 2;
    const after = this.capacity * this.labels;
    this.gains = enlarged(this.gains, after).fill(Number.NaN, before);
    this.states = enlarged(this.states, after);
    this.nextBlocks = enlarged(this.nextBlocks, after);
    this.parts = enlarged(this.parts, after * scorePartCount);
    this.mostGains = enlarged(this.mostGains, this.capacity);
    this.usualGains = enlarged(this.usualGains, this.capacity);
    this.favoured = enlarged(this.favoured, this.capacity * mostFavoured);
    this.favouredCounts = enlarged(this.favouredCounts, this.capacity);
    this.askedGains = enlarged(this.askedGains, this.capacity);
    this.askedCounts = enlarged(this.askedCounts, this.capacity);
  }
}
