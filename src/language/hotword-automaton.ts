import type { Hotword } from './hotword.ts';
import { speltHotwords } from './hotword-spelling.ts';
import type { LabelAlphabet } from './label-alphabet.ts';
import { PairTable } from './pair-table.ts';

/** Where no phrase has begun. */
const root = 0;

/**
 * Phrases sought all at once in a sequence of labels (Aho & Corasick 1975): a node is the longest beginning of
 * a phrase that the labels so far end in. Where labels are characters a phrase begins and ends with a space,
 * so that it is found as whole words only; the sequence has one before it and one behind it, too.
 *
 * It is built once for a list of phrases and never changes; how long a step takes depends on the words of a
 * phrase, not on how many phrases there are.
 */
export class HotwordAutomaton {
  /** The node before the first label. */
  readonly start: number;
  readonly space: number | undefined;
  readonly filler: number | undefined;
  /** nodes; sum of the weights of the phrases that end there */
  readonly completed: Float64Array;
  /** nodes; what the phrase that is worth most so far is worth so far */
  readonly credit: Float64Array;
  /** nodes; what no label behind is worth more than, what is completed and the credit then together */
  readonly mostBehind: Float64Array;
  /** nodes; 1 right behind a space */
  readonly isBetween: Uint8Array;
  private readonly tree = new PairTable();
  /** nodes; the longest beginning of a phrase that is an end, but not all, of the node's; −1 at the root */
  private readonly shorter: Int32Array;

  /** Throws `SoriError` invalid_request as `speltHotwords` does. */
  constructor(alphabet: LabelAlphabet, hotwords: readonly Hotword[]) {
    const { tree } = this;
    const { space } = alphabet;
    tree.add(-1, -1);
    this.space = space;
    this.filler = alphabet.filler;
    this.start = space === undefined ? root : tree.add(root, space);
    const phrases = speltHotwords(alphabet, hotwords);
    const ends = phrases.map(({ labels }) => {
      const end = labels.reduce((node, label) => tree.add(node, label), this.start);
      return space === undefined ? end : tree.add(end, space);
    });
    this.completed = new Float64Array(tree.size);
    this.credit = new Float64Array(tree.size);
    for (const [index, { labels, weight }] of phrases.entries()) {
      const end = ends[index]!;
      this.completed[end]! += weight;
      let progress = space === undefined ? labels.length - 1 : labels.length;
      for (let node = tree.first[end]!; node !== this.start; node = tree.first[node]!) {
        this.credit[node] = Math.max(this.credit[node]!, (weight * progress) / labels.length);
        progress--;
      }
    }
    this.isBetween = Uint8Array.from({ length: tree.size }, (_, node) =>
      space !== undefined && tree.second[node] === space ? 1 : 0,
    );
    this.shorter = new Int32Array(tree.size).fill(-1);
    const nodes = this.nodesByDepth();
    for (const node of nodes) this.link(node);
    this.mostBehind = new Float64Array(tree.size);
    for (const node of nodes) {
      const parent = tree.first[node]!;
      const worth = this.completed[node]! + this.credit[node]!;
      if (worth > this.mostBehind[parent]!) this.mostBehind[parent] = worth;
    }
    for (const node of nodes) {
      const most = this.mostBehind[this.shorter[node]!]!;
      if (most > this.mostBehind[node]!) this.mostBehind[node] = most;
    }
  }

  /** The node behind a label. */
  step(node: number, label: number): number {
    for (let from = node; from !== root; from = this.shorter[from]!) {
      const child = this.tree.find(from, label);
      if (child >= 0) return child;
    }
    // All phrases of characters begin with the space.
    if (this.space !== undefined) return label === this.space ? this.start : root;
    return Math.max(this.tree.find(root, label), root);
  }

  /** All but the root, those nearer to it first. */
  private nodesByDepth(): Int32Array {
    const { size, first } = this.tree;
    const depth = new Int32Array(size);
    const nodesAt = new Int32Array(size + 1);
    for (let node = root + 1; node < size; node++) {
      depth[node] = depth[first[node]!]! + 1;
      nodesAt[depth[node]!]!++;
    }
    for (let level = 1; level <= size; level++) nodesAt[level]! += nodesAt[level - 1]!;
    const nodes = new Int32Array(size - 1);
    for (let node = size - 1; node > root; node--) nodes[--nodesAt[depth[node]!]!] = node;
    return nodes;
  }

  /** Finds what a node ends in and takes over what that is worth. */
  private link(node: number): void {
    const parent = this.tree.first[node]!;
    const shorter =
      parent === root ? root : this.step(this.shorter[parent]!, this.tree.second[node]!);
    this.shorter[node] = shorter;
    this.completed[node]! += this.completed[shorter]!;
    this.credit[node] = Math.max(this.credit[node]!, this.credit[shorter]!);
  }
}
