import { numbersOf } from './combined-scorer.ts';
import { type LexiconTree, treeRoot } from './lexicon-tree.ts';
import type { WordScorer } from './scorers.ts';

const exactLookAheadWords = 1000;

/** Numbers that the look-ahead keeps by default: 64 MiB. */
const defaultCapacity = 16 * 2 ** 20;

export type LookAheadOptions = {
  /** By default `exact` for up to 1000 words, else `fixed`. */
  readonly lookAhead?: 'exact' | 'fixed' | undefined;
  /** How many numbers, one a node and state, are kept at most; beyond that the oldest are asked for anew. */
  readonly capacity?: number | undefined;
};

/**
 * A lexicon tree with what its words are worth: the best ln weight of any word at or below a node, which a
 * search may count on inside the word (language model look-ahead, Ortmanns, Ney & Eiden 1996).
 *
 * - `exact`: given what has been said. It is −∞ where no word below may follow. A state costs one question a
 *   word, once.
 * - `fixed`: as if after a word that the scorer does not know, which in an n-gram model is the unigram. Always
 *   finite, asked once for all; for large vocabularies.
 *
 * It may be shared by many searches, one after the other.
 */
export class LexiconLanguage {
  readonly tree: LexiconTree;
  readonly scorer: WordScorer;
  /** words of the tree; their numbers in the scorer, or −1 */
  readonly numbers: Int32Array;
  /** By state, the earliest first: nodes; the best ln weight of a word below. Rounding them does no harm. */
  private readonly rows = new Map<number, Float32Array>();
  private readonly isExact: boolean;
  private readonly capacity: number;
  private latestState = -1;
  private latestRow: Float32Array = new Float32Array(0);

  constructor(
    tree: LexiconTree,
    scorer: WordScorer,
    { lookAhead, capacity = defaultCapacity }: LookAheadOptions = {},
  ) {
    this.tree = tree;
    this.scorer = scorer;
    this.isExact = (lookAhead ?? defaultLookAhead(tree)) === 'exact';
    this.capacity = capacity;
    this.numbers = numbersOf(tree.words, scorer);
  }

  /** The best ln weight of a word at or below the node. */
  best(state: number, node: number): number {
    return this.rowOf(this.isExact ? state : 0)[node]!;
  }

  private rowOf(state: number): Float32Array {
    if (state === this.latestState) return this.latestRow;
    let row = this.rows.get(state);
    if (row === undefined) {
      row = this.isExact ? this.rowAfter(state) : this.rowAnywhere();
      if ((this.rows.size + 1) * row.length > this.capacity) {
        const earliest = this.rows.keys().next();
        if (!earliest.done) this.rows.delete(earliest.value);
      }
      this.rows.set(state, row);
    }
    this.latestState = state;
    this.latestRow = row;
    return row;
  }

  private rowAfter(state: number): Float32Array {
    const { tree, scorer, numbers } = this;
    const weights = Float32Array.from(numbers, (number) =>
      scorer.next(state, number) < 0 ? -Infinity : scorer.logWeight,
    );
    const row = Float32Array.from(tree.wordAt, (word) => (word < 0 ? -Infinity : weights[word]!));
    for (let node = tree.nodes - 1; node > treeRoot; node--) {
      const parent = tree.parentOf(node);
      if (row[node]! > row[parent]!) row[parent] = row[node]!;
    }
    return row;
  }

  private rowAnywhere(): Float32Array {
    const { scorer } = this;
    const afterUnknown = scorer.next(scorer.start, -1);
    const row = this.rowAfter(afterUnknown < 0 ? scorer.start : afterUnknown);
    let least = 0;
    for (const weight of row) if (weight > -Infinity && weight < least) least = weight;
    return row.map((weight) => Math.max(weight, least));
  }
}

function defaultLookAhead(tree: LexiconTree): 'exact' | 'fixed' {
  return tree.words.length <= exactLookAheadWords ? 'exact' : 'fixed';
}
