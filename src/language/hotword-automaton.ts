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
    const paths = speltHotwords(alphabet, hotwords).map(({ labels, weight }) => {
      const nodes: number[] = [];
      for (const label of labels) nodes.push(tree.add(nodes.at(-1) ?? this.start, label));
      if (space !== undefined) nodes.push(tree.add(nodes.at(-1)!, space));
      return { nodes, length: labels.length, weight };
    });
    this.completed = new Float64Array(tree.size);
    this.credit = new Float64Array(tree.size);
    for (const { nodes, length, weight } of paths) {
      const end = nodes.pop()!;
      this.completed[end]! += weight;
      for (const [index, node] of nodes.entries()) {
        this.credit[node] = Math.max(this.credit[node]!, (weight * (index + 1)) / length);
      }
    }
    this.isBetween = Uint8Array.from({ length: tree.size }, (_, node) =>
      space !== undefined && tree.second[node] === space ? 1 : 0,
    );
    this.shorter = new Int32Array(tree.size).fill(-1);
    for (const node of this.nodesByDepth()) this.link(node);
  }

  /** The node behind a label. */
  step(node: number, label: number): number {
    for (let from = node; from >= 0; from = this.shorter[from]!) {
      const child = this.tree.find(from, label);
      if (child >= 0) return child;
    }
    return root;
  }

  /** All but the root, those nearer to it first. */
  private nodesByDepth(): Uint32Array {
    const { size, first } = this.tree;
    const depth = new Uint32Array(size);
    for (let node = root + 1; node < size; node++) depth[node] = depth[first[node]!]! + 1;
    return Uint32Array.from({ length: size - 1 }, (_, index) => index + 1).sort(
      (a, b) => depth[a]! - depth[b]!,
    );
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
