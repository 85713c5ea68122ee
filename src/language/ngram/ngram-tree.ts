/**
 * n-grams as a tree: a node for each, below the node of its history, which is its words but the last. Node 0
 * is the root, the n-gram of no words. Nodes are numbered by length, then by their history's node, then by
 * their word, so that the children of a node are a range in which a word is found by bisection, and node
 * 1 + w is that of word w alone.
 */
export type NgramTree = {
  /** Words of the longest n-grams. */
  readonly order: number;
  /** order + 2; n-grams of k words are the nodes [levels[k], levels[k + 1]) */
  readonly levels: Uint32Array;
  /** nodes; number of the last word; 0 at the root */
  readonly words: Uint32Array;
  /** levels[order] + 1; the children of node n < levels[order] are [firstChild[n], firstChild[n + 1]) */
  readonly firstChild: Uint32Array;
  /** nodes; the longest proper suffix that is a node: what is known of the words without the first of them */
  readonly suffix: Uint32Array;
};

/** n-grams of one length, all histories of which are nodes of a tree. */
export type NgramLevel = {
  /** n-grams; node of the history */
  readonly histories: Uint32Array;
  /** n-grams; number of the last word */
  readonly words: Uint32Array;
};

/** How many nodes a tree may have: their numbers are kept in 32 bits, and small ones are faster. */
export const maxNodes = 2 ** 31 - 1;

/** The tree of a vocabulary: every word, and nothing longer. */
export function unigramTree(wordCount: number): NgramTree {
  return {
    order: 1,
    levels: Uint32Array.of(0, 1, 1 + wordCount),
    words: Uint32Array.from({ length: 1 + wordCount }, (_, node) => Math.max(0, node - 1)),
    firstChild: Uint32Array.of(1, 1 + wordCount),
    suffix: new Uint32Array(1 + wordCount),
  };
}

/** How many n-grams of each length there are; the first entry is of length 1. */
export function ngramCounts({ order, levels }: NgramTree): number[] {
  return Array.from({ length: order }, (_, index) => levels[index + 2]! - levels[index + 1]!);
}

/** The node of a node's n-gram with one more word, or −1 where there is none. */
export function findChild(tree: NgramTree, node: number, word: number): number {
  if (node === 0) return 1 + word;
  if (node >= tree.levels[tree.order]!) return -1;
  const { words, firstChild } = tree;
  let low = firstChild[node]!;
  let high = firstChild[node + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[middle]! < word) low = middle + 1;
    else high = middle;
  }
  return low < firstChild[node + 1]! && words[low] === word ? low : -1;
}

/**
 * The order of n-grams in a tree, by history and then by word, as their places in `level`; equal ones stay as
 * they were. By counting sort, first of words and then of histories: O(n-grams + words + nodes).
 */
export function sortNgrams(tree: NgramTree, level: NgramLevel): Uint32Array {
  const identity = Uint32Array.from(level.words, (_, index) => index);
  const byWord = countingSort(identity, level.words, tree.levels[2]!);
  return countingSort(byWord, level.histories, tree.levels[tree.order + 1]!);
}

/**
 * A tree with one more level.
 * @param sorted what `sortNgrams` gives; the n-grams have to differ
 */
export function extendTree(tree: NgramTree, level: NgramLevel, sorted: Uint32Array): NgramTree {
  const { order } = tree;
  const first = tree.levels[order + 1]!;
  const nodes = first + sorted.length;
  if (nodes > maxNodes) {
    throw new RangeError(`[extendTree] expected at most ${maxNodes} n-grams, got ${nodes}`);
  }
  const words = new Uint32Array(nodes);
  const suffix = new Uint32Array(nodes);
  words.set(tree.words);
  suffix.set(tree.suffix);
  const firstChild = new Uint32Array(first + 1);
  firstChild.set(tree.firstChild);
  let history = tree.levels[order]!;
  for (let node = first; node < nodes; node++) {
    const place = sorted[node - first]!;
    while (history < level.histories[place]!) firstChild[++history] = node;
    words[node] = level.words[place]!;
    let shorter = suffix[history]!;
    let found = findChild(tree, shorter, words[node]!);
    while (found < 0) {
      shorter = suffix[shorter]!;
      found = findChild(tree, shorter, words[node]!);
    }
    suffix[node] = found;
  }
  firstChild.fill(nodes, history + 1);
  const levels = Uint32Array.of(...tree.levels, nodes);
  return { order: order + 1, levels, words, firstChild, suffix };
}

/** nodes; the node of each node's history; the root is its own */
export function historiesOf({ order, levels, words, firstChild }: NgramTree): Uint32Array {
  const histories = new Uint32Array(words.length);
  for (let node = 0; node < levels[order]!; node++) {
    histories.fill(node, firstChild[node]!, firstChild[node + 1]!);
  }
  return histories;
}

function countingSort(items: Uint32Array, keys: Uint32Array, keyCount: number): Uint32Array {
  const starts = new Uint32Array(keyCount + 1);
  for (const key of keys) starts[key + 1]!++;
  for (let key = 0; key < keyCount; key++) starts[key + 1]! += starts[key]!;
  const sorted = new Uint32Array(items.length);
  for (const item of items) sorted[starts[keys[item]!]!++] = item;
  return sorted;
}
