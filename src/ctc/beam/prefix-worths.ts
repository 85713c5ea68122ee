import { type LabelScorer, scorePartCount } from '../../language/scorers.ts';
import { enlarged, type Prefixes } from './prefixes.ts';
import type { ScorerMemo } from './scorer-memo.ts';

const unknown = -1;

/** What each node of a trie is worth to a scorer, besides what is heard. */
export class PrefixWorths {
  readonly memo: ScorerMemo;
  private readonly scorer: LabelScorer;
  private capacity = 0;
  /** The memo's, as far as this knows. */
  private clearings = 0;
  /** The scorer's state after the prefix. */
  private states = new Float64Array(0);
  /** The memo's block of that state, where it was looked up. */
  private blocks = new Int32Array(0);
  /** The sum of what the prefix is worth. */
  totals = new Float64Array(0);
  /** What it is made of; `[node * scorePartCount + part]`. */
  parts = new Float64Array(0);

  constructor(scorer: LabelScorer, memo: ScorerMemo) {
    this.scorer = scorer;
    this.memo = memo;
  }

  /** Makes the root, node 0, of a trie with place for so many nodes. */
  reset(capacity: number): void {
    this.reserve(capacity);
    this.clearings = this.memo.clearings;
    this.states[0] = this.scorer.start;
    this.blocks[0] = unknown;
    this.totals[0] = 0;
    this.parts.fill(0, 0, scorePartCount);
  }

  reserve(capacity: number): void {
    if (capacity <= this.capacity) return;
    this.capacity = capacity;
    this.states = enlarged(this.states, capacity);
    this.blocks = enlarged(this.blocks, capacity);
    this.totals = enlarged(this.totals, capacity);
    this.parts = enlarged(this.parts, capacity * scorePartCount);
  }

  /** Forgets what the scorer said once that has become too much, or others forgot it; between frames. */
  keepInBounds(nodes: number, beam: Prefixes): void {
    const { memo } = this;
    if (memo.isFull) memo.clear();
    if (memo.clearings === this.clearings) return;
    this.clearings = memo.clearings;
    this.blocks.fill(unknown, 0, nodes);
    for (let i = 0; i < beam.count; i++) this.note(beam, i);
  }

  /** Notes of a prefix of the beam what its node is worth. It may replace the memo's arrays. */
  note(beam: Prefixes, place: number): void {
    const node = beam.nodes[place]!;
    beam.worths[place] = this.totals[node]!;
    beam.blocks[place] = this.blockOf(node);
  }

  /** The memo's block for what may follow the node. It may replace the memo's arrays. */
  blockOf(node: number): number {
    if (this.blocks[node] === unknown) this.blocks[node] = this.memo.blockOf(this.states[node]!);
    return this.blocks[node]!;
  }

  /** Asks about a label after the node and returns the memo's entry. */
  ask(node: number, label: number): number {
    return this.memo.ask(this.states[node]!, label, this.blockOf(node));
  }

  /** Fills in a node that is its parent's and one label more, which was asked about. */
  add(node: number, parent: number, label: number): void {
    const { memo, parts } = this;
    const entry = memo.entries[this.blockOf(parent) * memo.labels + label]!;
    this.states[node] = memo.states[entry]!;
    this.totals[node] = this.totals[parent]! + memo.gains[entry]!;
    for (let part = 0; part < scorePartCount; part++) {
      parts[node * scorePartCount + part] =
        parts[parent * scorePartCount + part]! + memo.parts[entry * scorePartCount + part]!;
    }
    this.blocks[node] = memo.blockAfter(entry);
  }

  /** Follows a trie that compacted itself. */
  move(moved: Int32Array): void {
    const { states, blocks, totals, parts } = this;
    for (let from = 0; from < moved.length; from++) {
      const to = moved[from]!;
      if (to < 0) continue;
      states[to] = states[from]!;
      blocks[to] = blocks[from]!;
      totals[to] = totals[from]!;
      parts.copyWithin(to * scorePartCount, from * scorePartCount, (from + 1) * scorePartCount);
    }
  }

  /** Puts into the scorer's parts what it is worth that nothing follows the node. */
  end(node: number): Float64Array {
    this.scorer.end(this.states[node]!);
    return this.scorer.parts;
  }
}
