/** The empty sequence. */
export const phraseRoot = 0;

/**
 * Sequences of labels that share their beginnings (a trie). Nodes are numbered by length, the children of a
 * node side by side and the lowest label first, so that a look for one stays in a few lines of the processor's
 * cache.
 */
export class PhraseTree {
  /** How many nodes there are; a parent's number is below those of its children. */
  readonly size: number;
  /** nodes; the last label of each; −1 of the root */
  readonly labels: Int32Array;
  /** nodes and one; the children of a node are those from here to the next node's */
  readonly childrenFrom: Int32Array;

  constructor(sequences: readonly (readonly number[])[]) {
    const sorted = [...sequences].sort(compareSequences);
    const most = 1 + sorted.reduce((sum, { length }) => sum + length, 0);
    const labels = new Int32Array(most).fill(-1, 0, 1);
    const childrenFrom = new Int32Array(most + 1);
    // nodes; the sequences that lead through each, as a range of those sorted, and how long it is
    const froms = new Int32Array(most);
    const ends = new Int32Array(most);
    const lengths = new Int32Array(most);
    ends[phraseRoot] = sorted.length;
    let size = 1;
    for (let node = phraseRoot; node < size; node++) {
      childrenFrom[node] = size;
      const length = lengths[node]!;
      const end = ends[node]!;
      let at = froms[node]!;
      while (at < end && sorted[at]!.length === length) at++;
      while (at < end) {
        const label = sorted[at]![length]!;
        labels[size] = label;
        froms[size] = at;
        while (at < end && sorted[at]![length] === label) at++;
        ends[size] = at;
        lengths[size] = length + 1;
        size++;
      }
    }
    childrenFrom[size] = size;
    this.size = size;
    this.labels = labels.slice(0, size);
    this.childrenFrom = childrenFrom.slice(0, size + 1);
  }

  /** The node one label longer; −1 where there is none. */
  child(node: number, label: number): number {
    const { labels, childrenFrom } = this;
    let low = childrenFrom[node]!;
    let high = childrenFrom[node + 1]!;
    const end = high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (labels[middle]! < label) low = middle + 1;
      else high = middle;
    }
    return low < end && labels[low] === label ? low : -1;
  }
}

/** Label by label; a beginning before what it begins. */
function compareSequences(one: readonly number[], other: readonly number[]): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const difference = one[index]! - other[index]!;
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
