import type { NgramModel } from './ngram-model.ts';
import { NgramScorer } from './ngram-scorer.ts';

/** What a history leaves to words that it has no n-gram with. */
export type UnlistedMass = {
  /** 1 − Σ p(w | h) over words w that the history has an n-gram with */
  readonly own: number;
  /** 1 − Σ p(w | h without its first word) over the same words */
  readonly shorter: number;
};

/**
 * The masses of a history of a model, given that probabilities after its suffix add up to one. Of the empty
 * history, whose n-grams are all words, `shorter` is 0; `<s>` is nothing that can follow.
 * @param scorer of the model, with weight 1
 */
export function unlistedMass(
  { vocabulary, tree, logProbs }: NgramModel,
  scorer: NgramScorer,
  history: number,
): UnlistedMass {
  let own = 1;
  let shorter = history === 0 ? 0 : 1;
  for (let node = tree.firstChild[history]!; node < tree.firstChild[history + 1]!; node++) {
    const word = tree.words[node]!;
    if (word === vocabulary.begin) continue;
    own -= Math.exp(logProbs[node]!);
    if (history !== 0) shorter -= Math.exp(scorer.weightOf(tree.suffix[history]!, word));
  }
  return { own, shorter };
}

/**
 * How far the probabilities after a history are from adding up to one, for the history where they are furthest:
 * |Σ p(w | h) over words with an n-gram + back-off weight × what the shorter history has for all others − 1|.
 */
export function largestDeviation(model: NgramModel): number {
  const scorer = new NgramScorer(model);
  const { tree, logBackoffs } = model;
  let largest = 0;
  for (let history = 0; history < logBackoffs.length; history++) {
    if (history > 0 && tree.firstChild[history + 1]! === tree.firstChild[history]!) continue;
    const { own, shorter } = unlistedMass(model, scorer, history);
    const backedOff = shorter === 0 ? 0 : Math.exp(logBackoffs[history]!) * shorter;
    largest = Math.max(largest, Math.abs(backedOff - own));
  }
  return largest;
}
