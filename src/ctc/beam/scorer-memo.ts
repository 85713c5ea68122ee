import { type LabelScorer, scorePartCount } from '../../language/scorers.ts';
import { enlarged } from './prefixes.ts';

/**
 * What a scorer says of each state and label, asked once: prefixes are many, the states that they lead to
 * are few. A state that was asked about has a block of entries, one a label; `[block * labels + label]`.
 */
export class ScorerMemo {
  private readonly scorer: LabelScorer;
  readonly labels: number;
  private readonly mostEntries: number;
  private readonly blocks = new Map<number, number>();
  private capacity = 16;
  /** The sum of the parts that the label is worth; −∞ where it may not follow, NaN where nobody asked. */
  gains: Float64Array;
  /** The state after the label. */
  states: Float64Array;
  /** `[entry * scorePartCount + part]` */
  parts: Float64Array;

  /** @param mostEntries beyond which it calls itself full; by default they take 40 MB */
  constructor(scorer: LabelScorer, labels: number, mostEntries = 1 << 20) {
    this.scorer = scorer;
    this.labels = labels;
    this.mostEntries = mostEntries;
    this.gains = new Float64Array(this.capacity * labels).fill(Number.NaN);
    this.states = new Float64Array(this.capacity * labels);
    this.parts = new Float64Array(this.capacity * labels * scorePartCount);
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
    return block;
  }

  /** Fills the entry of a state's label and returns its gain. */
  ask(state: number, label: number, entry: number): number {
    const { scorer } = this;
    const next = scorer.next(state, label);
    let gain = 0;
    for (let part = 0; part < scorePartCount; part++) {
      const worth = scorer.parts[part]!;
      this.parts[entry * scorePartCount + part] = worth;
      gain += worth;
    }
    this.states[entry] = next;
    this.gains[entry] = next < 0 ? Number.NEGATIVE_INFINITY : gain;
    return this.gains[entry]!;
  }

  private grow(): void {
    const before = this.capacity * this.labels;
    this.capacity *= 2;
    const after = this.capacity * this.labels;
    this.gains = enlarged(this.gains, after).fill(Number.NaN, before);
    this.states = enlarged(this.states, after);
    this.parts = enlarged(this.parts, after * scorePartCount);
  }
}
