import type { WordScorer } from '../scorers.ts';
import { matters, type NgramModel } from './ngram-model.ts';
import { findChild } from './ngram-tree.ts';

export type NgramScorerOptions = {
  /** What ln p is multiplied by (often called alpha); 1 by default. */
  readonly weight?: number;
};

/**
 * What an n-gram model says of the words of a hypothesis. A state is the node of the longest suffix of the
 * words so far that matters: histories of one state have one future. A word costs at most a bisection for
 * each length of history.
 */
export class NgramScorer implements WordScorer {
  readonly words: readonly string[];
  readonly start: number;
  logWeight = -Infinity;

  private readonly model: NgramModel;
  private readonly weight: number;
  /** The node that was used last. */
  private node = 0;

  constructor(model: NgramModel, { weight = 1 }: NgramScorerOptions = {}) {
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`[NgramScorer] expected a weight from 0, got ${weight}`);
    }
    this.model = model;
    this.weight = weight;
    this.words = model.vocabulary.words;
    this.start = model.vocabulary.begin < 0 ? 0 : this.stateOf(1 + model.vocabulary.begin);
  }

  /** A word that the model does not know is its `<unk>`, and may not follow where it has none. */
  next(state: number, word: number): number {
    this.logWeight = this.weightOf(state, word);
    return this.logWeight === -Infinity ? -1 : this.stateOf(this.node);
  }

  end(state: number): void {
    this.logWeight = this.weightOf(state, this.model.vocabulary.end);
  }

  /**
   * The ln weight of a word after a state: what `next` would put into `logWeight`, which stays as it is.
   * @param word as in `next`, or the number of any entry of the model's vocabulary
   */
  weightOf(state: number, word: number): number {
    const { vocabulary, tree, logProbs, logBackoffs } = this.model;
    const wanted = word < 0 ? vocabulary.unknown : word;
    if (wanted < 0) return -Infinity;
    let sum = 0;
    let node = state;
    let found = findChild(tree, node, wanted);
    while (found < 0) {
      sum += logBackoffs[node]!;
      node = tree.suffix[node]!;
      found = findChild(tree, node, wanted);
    }
    this.node = found;
    sum += logProbs[found]!;
    // So that a weight of 0 does not make NaN of it.
    return sum === -Infinity ? sum : this.weight * sum;
  }

  private stateOf(node: number): number {
    const { tree, logBackoffs } = this.model;
    return matters(tree, logBackoffs, node) ? node : tree.suffix[node]!;
  }
}
