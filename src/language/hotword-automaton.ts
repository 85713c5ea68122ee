import type { Hotword } from './hotword.ts';
import { speltHotwords } from './hotword-spelling.ts';
import type { LabelAlphabet } from './label-alphabet.ts';
import { PhraseTree, phraseRoot } from './phrase-tree.ts';
import { type GainBounds, mostFavoured } from './scorers.ts';

/**
 * Phrases sought all at once in a sequence of labels (Aho & Corasick 1975): a node is the longest beginning of
 * a phrase that the labels so far end in; at the root no phrase has begun. Where labels are characters a phrase
 * begins and ends with a space, so that it is found as whole words only; the sequence has one before it and one
 * behind it, too.
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
  /** nodes; the longest beginning of a phrase that is an end, but not all, of the node's; −1 of the root */
  private readonly shorter: Int32Array;
  /** nodes; what the child is worth that is worth most, 0 where none is worth anything */
  private readonly mostOfChildren: Float64Array;
  private readonly tree: PhraseTree;

  /** Throws `SoriError` invalid_request as `speltHotwords` does. */
  constructor(alphabet: LabelAlphabet, hotwords: readonly Hotword[]) {
    const { space } = alphabet;
    const phrases = speltHotwords(alphabet, hotwords);
    const around = space === undefined ? [] : [space];
    const tree = new PhraseTree([
      around,
      ...phrases.map(({ labels }) => [...around, ...labels, ...around]),
    ]);
    this.tree = tree;
    this.space = space;
    this.filler = alphabet.filler;
    this.start = space === undefined ? phraseRoot : tree.child(phraseRoot, space);
    this.completed = new Float64Array(tree.size);
    this.credit = new Float64Array(tree.size);
    for (const { labels, weight } of phrases) this.weigh(labels, weight);
    this.shorter = new Int32Array(tree.size).fill(-1);
    for (let node = phraseRoot; node < tree.size; node++) this.linkChildren(node);
    this.mostOfChildren = new Float64Array(tree.size);
    for (let node = phraseRoot; node < tree.size; node++) {
      this.mostOfChildren[node] = this.mostWorthOfChildren(node);
    }
  }

  /** The node behind a label. */
  step(node: number, label: number): number {
    const { tree, shorter, space } = this;
    for (let from = node; from !== phraseRoot; from = shorter[from]!) {
      const child = tree.child(from, label);
      if (child >= 0) return child;
    }
    // All phrases of characters begin with the space.
    if (space !== undefined) return label === space ? this.start : phraseRoot;
    return Math.max(tree.child(phraseRoot, label), phraseRoot);
  }

  /** Whether the node is right behind a space. */
  isBetween(node: number): boolean {
    return node !== phraseRoot && this.tree.labels[node] === this.space;
  }

  /**
   * What labels gain behind a node, in what is completed and credit together. Nearly all of them go on with no
   * phrase, and lead to where nothing is worth anything; the others lead to children of the node and of the
   * nodes that it ends in.
   */
  gainBounds(node: number): GainBounds {
    const { tree, shorter, mostOfChildren, space, filler } = this;
    const { childrenFrom, labels } = tree;
    const credit = this.credit[node]!;
    const favoured: number[] = [];
    const favour = (label: number) => {
      if (!favoured.includes(label)) favoured.push(label);
    };
    // Labels that leave the node as it is.
    if (credit > 0 && filler !== undefined) favour(filler);
    if (credit > 0 && this.isBetween(node)) favour(space!);
    let most = credit;
    let usual = 0;
    for (let at = node; at >= 0; at = shorter[at]!) {
      const mostHere = mostOfChildren[at]!;
      most = Math.max(most, mostHere);
      if (mostHere <= usual) continue;
      const from = childrenFrom[at]!;
      const end = childrenFrom[at + 1]!;
      if (favoured.length + end - from > mostFavoured) usual = mostHere;
      else for (let child = from; child < end; child++) favour(labels[child]!);
    }
    favoured.sort((a, b) => a - b);
    return { most: most - credit, usual: usual - credit, favoured };
  }

  /** Puts in what a phrase is worth along its nodes. */
  private weigh(labels: readonly number[], weight: number): void {
    const { tree, space, credit, completed } = this;
    let node = this.start;
    for (const [index, label] of labels.entries()) {
      node = tree.child(node, label);
      if (space === undefined && index === labels.length - 1) break;
      credit[node] = Math.max(credit[node]!, (weight * (index + 1)) / labels.length);
    }
    if (space !== undefined) node = tree.child(node, space);
    completed[node]! += weight;
  }

  /** Finds what each child of a node ends in and takes over what that is worth. */
  private linkChildren(node: number): void {
    const { tree, shorter, completed, credit } = this;
    const end = tree.childrenFrom[node + 1]!;
    for (let child = tree.childrenFrom[node]!; child < end; child++) {
      const link =
        node === phraseRoot ? phraseRoot : this.step(shorter[node]!, tree.labels[child]!);
      shorter[child] = link;
      completed[child]! += completed[link]!;
      credit[child] = Math.max(credit[child]!, credit[link]!);
    }
  }

  private mostWorthOfChildren(node: number): number {
    const { tree, completed, credit } = this;
    const end = tree.childrenFrom[node + 1]!;
    let most = 0;
    for (let child = tree.childrenFrom[node]!; child < end; child++) {
      most = Math.max(most, completed[child]! + credit[child]!);
    }
    return most;
  }
}
