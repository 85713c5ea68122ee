import { createModel, type NgramModel } from './ngram-model.ts';
import { NgramScorer } from './ngram-scorer.ts';
import { extendTree, historiesOf, type NgramTree, unigramTree } from './ngram-tree.ts';
import { unlistedMass } from './normalisation.ts';

/**
 * A model without the n-grams that hardly matter (Stolcke 1998): those without which the model's perplexity
 * would grow by less than the threshold, each looked at as if it went alone. An n-gram that a longer one goes
 * on from stays. Back-off weights are then made such that the probabilities after each history add up to one.
 *
 * @param threshold relative growth of perplexity: 1e-8, say
 */
export function pruneByEntropy(model: NgramModel, threshold: number): NgramModel {
  if (!(threshold >= 0 && threshold < Infinity)) {
    throw new RangeError(`[pruneByEntropy] expected a threshold from 0, got ${threshold}`);
  }
  const smaller = withNodes(model, nodesToKeep(model, threshold));
  renormalise(smaller);
  return smaller;
}

/** nodes; 1 for those that stay */
function nodesToKeep(model: NgramModel, threshold: number): Uint8Array {
  const { tree, logProbs, logBackoffs } = model;
  const { levels, firstChild, suffix, words } = tree;
  const scorer = new NgramScorer(model);
  const logHistories = logHistoryProbs(model);
  const keep = new Uint8Array(words.length).fill(1);
  // Longest histories first, so that an n-gram can go once nothing goes on from it.
  for (let history = logBackoffs.length - 1; history > 0; history--) {
    const [from, to] = [firstChild[history]!, firstChild[history + 1]!];
    if (from === to) continue;
    const shorter = Math.max(0, unlistedMass(model, scorer, history).shorter);
    const logBackoff = logBackoffs[history]!;
    const historyProb = Math.exp(logHistories[history]!);
    for (let node = from; node < to; node++) {
      if (node < levels[tree.order]! && isHistory(keep, firstChild, node)) continue;
      const growth = entropyGrowth({
        historyProb,
        logProb: logProbs[node]!,
        logShorter: scorer.weightOf(suffix[history]!, words[node]!),
        logBackoff,
        unlistedShorter: shorter,
      });
      if (Math.expm1(growth) < threshold) keep[node] = 0;
    }
  }
  return keep;
}

function isHistory(keep: Uint8Array, firstChild: Uint32Array, node: number): boolean {
  for (let child = firstChild[node]!; child < firstChild[node + 1]!; child++) {
    if (keep[child] === 1) return true;
  }
  return false;
}

type Candidate = {
  /** p(h) */
  readonly historyProb: number;
  /** ln p(w | h) */
  readonly logProb: number;
  /** ln p(w | h′) */
  readonly logShorter: number;
  /** ln α(h) */
  readonly logBackoff: number;
  /** Σ p(v | h′) over words v that back off */
  readonly unlistedShorter: number;
};

/**
 * The relative entropy between a model and itself without one n-gram (Stolcke 1998, eq. 5 and 6), in nats.
 * With α′(h) the back-off weight of the history without it,
 *
 *     −p(h) { p(w|h) [ln p(w|h′) + ln α′(h) − ln p(w|h)] + [ln α′(h) − ln α(h)] Σ p(v|h) }
 *
 * the sum over words v that back off already, which have α(h) Σ p(v|h′) together.
 */
export function entropyGrowth(candidate: Candidate): number {
  const { historyProb, logProb, logShorter, logBackoff, unlistedShorter } = candidate;
  const unlisted = unlistedShorter === 0 ? 0 : Math.exp(logBackoff) * unlistedShorter;
  const mass = unlisted + Math.exp(logProb);
  const logNewBackoff = Math.log(mass / (unlistedShorter + Math.exp(logShorter)));
  const ofWord = Math.exp(logProb) * (logShorter + logNewBackoff - logProb);
  const ofOthers = unlisted === 0 ? 0 : unlisted * (logNewBackoff - logBackoff);
  return -historyProb * (ofWord + ofOthers);
}

/** nodes; ln p of the words of each, one after the other; `<s>` as often as `</s>` */
function logHistoryProbs({ vocabulary, tree, logProbs }: NgramModel): Float64Array {
  const histories = historiesOf(tree);
  const sums = new Float64Array(tree.words.length);
  for (let node = 1; node < sums.length; node++) {
    const isBegin = node === 1 + vocabulary.begin;
    sums[node] = sums[histories[node]!]! + logProbs[isBegin ? 1 + vocabulary.end : node]!;
  }
  return sums;
}

/** A model with some of a model's nodes, among them all histories of those and all words. */
function withNodes(model: NgramModel, keep: Uint8Array): NgramModel {
  const { vocabulary, tree, sourceSha256 } = model;
  const { order, levels } = tree;
  const oldHistories = historiesOf(tree);
  const newNodes = new Uint32Array(keep.length);
  const oldNodes: number[] = [];
  for (let node = 0; node < keep.length; node++) {
    if (keep[node] === 1) newNodes[node] = oldNodes.push(node) - 1;
  }
  let smaller: NgramTree = unigramTree(vocabulary.size);
  for (let length = 2; length <= order; length++) {
    const kept = oldNodes.slice(smaller.words.length).filter((node) => node < levels[length + 1]!);
    const level = {
      histories: Uint32Array.from(kept, (node) => newNodes[oldHistories[node]!]!),
      words: Uint32Array.from(kept, (node) => tree.words[node]!),
    };
    // They come in the order that a tree has them in.
    smaller = extendTree(smaller, level, Uint32Array.from(kept.keys()));
  }
  const { firstChild } = smaller;
  return createModel({
    vocabulary,
    tree: smaller,
    logProbs: Float32Array.from(oldNodes, (node) => model.logProbs[node]!),
    logBackoffs: Float32Array.from({ length: firstChild.length - 1 }, (_, node) =>
      firstChild[node + 1]! > firstChild[node]! ? model.logBackoffs[oldNodes[node]!]! : 0,
    ),
    sourceSha256,
  });
}

/** Shortest histories first: the probabilities after a longer one rest on theirs. */
function renormalise(model: NgramModel): void {
  const { tree, logBackoffs } = model;
  const scorer = new NgramScorer(model);
  for (let history = 1; history < logBackoffs.length; history++) {
    if (tree.firstChild[history + 1]! === tree.firstChild[history]!) continue;
    const { own, shorter } = unlistedMass(model, scorer, history);
    // Where nothing is left but what rounding leaves, the weight stays as it was.
    if (own > 0 && shorter > 0) logBackoffs[history] = Math.log(own / shorter);
  }
}
