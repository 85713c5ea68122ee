import { enlarged } from './prefixes.ts';

const none = -1;

/**
 * Label sequences that share their beginnings. A node is a sequence: its parent's and one label more. The
 * root, node 0, is the empty one. A node's number is above its parent's, and changes when `compact` says so.
 */
export class PrefixTrie {
  size = 1;
  capacity = 256;
  /** −1 of the root. */
  parents = new Int32Array(this.capacity).fill(none);
  /** −1 of the root. */
  labels = new Int32Array(this.capacity).fill(none);
  /** Where in the beam the node is; −1 where it is not. */
  slots = new Int32Array(this.capacity).fill(none);
  private firstChildren = new Int32Array(this.capacity).fill(none);
  private nextSiblings = new Int32Array(this.capacity).fill(none);

  /** Makes it the empty sequence alone, in no beam. */
  reset(): void {
    this.size = 1;
    this.slots[0] = none;
    this.firstChildren[0] = none;
  }

  /** The node one label longer; −1 where there is none. */
  find(node: number, label: number): number {
    const { labels, nextSiblings } = this;
    let child = this.firstChildren[node]!;
    while (child !== none && labels[child] !== label) child = nextSiblings[child]!;
    return child;
  }

  /** Adds a node that `find` does not find, for which there must be room. */
  add(parent: number, label: number): number {
    const node = this.size++;
    this.parents[node] = parent;
    this.labels[node] = label;
    this.slots[node] = none;
    this.firstChildren[node] = none;
    this.nextSiblings[node] = this.firstChildren[parent]!;
    this.firstChildren[parent] = node;
    return node;
  }

  /** Makes room for twice as many. */
  grow(): void {
    this.capacity *= 2;
    this.parents = enlarged(this.parents, this.capacity);
    this.labels = enlarged(this.labels, this.capacity);
    this.slots = enlarged(this.slots, this.capacity);
    this.firstChildren = enlarged(this.firstChildren, this.capacity);
    this.nextSiblings = enlarged(this.nextSiblings, this.capacity);
  }

  /**
   * Forgets every node that is neither in the beam nor on the way to a node that is. Returns the number that
   * each node has from now on, −1 of the forgotten; nodes keep their order.
   */
  compact(): Int32Array {
    const { size, parents, labels, slots, firstChildren, nextSiblings } = this;
    const moved = new Int32Array(size).fill(none);
    moved[0] = 0;
    // From the last node down, so that a node has been marked by its children before it marks its parent.
    for (let node = size - 1; node > 0; node--) {
      if (slots[node] === none && moved[node] === none) continue;
      moved[node] = 0;
      moved[parents[node]!] = 0;
    }
    firstChildren[0] = none;
    let kept = 1;
    for (let node = 1; node < size; node++) {
      if (moved[node] === none) continue;
      const parent = moved[parents[node]!]!;
      moved[node] = kept;
      parents[kept] = parent;
      labels[kept] = labels[node]!;
      slots[kept] = slots[node]!;
      firstChildren[kept] = none;
      nextSiblings[kept] = firstChildren[parent]!;
      firstChildren[parent] = kept;
      kept++;
    }
    this.size = kept;
    return moved;
  }

  /** The labels from the root to the node. */
  labelsTo(node: number): Int32Array {
    const { parents, labels } = this;
    let length = 0;
    for (let at = node; at !== 0; at = parents[at]!) length++;
    const sequence = new Int32Array(length);
    for (let at = node; at !== 0; at = parents[at]!) sequence[--length] = labels[at]!;
    return sequence;
  }
}
