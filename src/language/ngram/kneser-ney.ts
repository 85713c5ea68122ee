import { type Discounts, discountOf, discountsOf } from './discounts.ts';
import type { NgramCounts } from './ngram-counter.ts';
import { createModel, type NgramModel, noSource } from './ngram-model.ts';
import type { NgramTree } from './ngram-tree.ts';

/** A model before its probabilities are rounded. */
export type Estimate = {
  readonly counts: NgramCounts;
  /** Of each order, from 1. */
  readonly discounts: readonly Discounts[];
  /** nodes; p(last word | the words before it); 0 for `<s>`, and at the root */
  readonly probs: Float64Array;
  /** levels[order]; the weight γ of the shorter history; 1 where a history goes nowhere */
  readonly backoffs: Float64Array;
};

/**
 * Interpolated modified Kneser-Ney smoothing (Chen & Goodman 1999, section 3). With a(h w) the count of an
 * n-gram of the highest order or one that begins with `<s>`, and of others how many different words were seen
 * before it,
 *
 *     p(w | h) = (a(h w) − D(a(h w))) / Σ_v a(h v) + γ(h) p(w | h without its first word)
 *     γ(h) = (D₁ N₁(h) + D₂ N₂(h) + D₃₊ N₃₊(h)) / Σ_v a(h v)
 *
 * where Nᵢ(h) words v have a(h v) = i. Words without a history are interpolated with the uniform distribution
 * over everything that can come, `</s>` and `<unk>` included.
 *
 * Throws `RangeError` when nothing was counted.
 */
export function estimateKneserNey(counts: NgramCounts): Estimate {
  const { tree, vocabulary } = counts;
  const { order, levels, firstChild, suffix, words } = tree;
  const adjusted = adjustedCounts(counts);
  const discounts = Array.from({ length: order }, (_, index) =>
    discountsOf(countsOfCounts(adjusted, levels[index + 1]!, levels[index + 2]!)),
  );
  const probs = new Float64Array(words.length);
  const backoffs = new Float64Array(levels[order]!).fill(1);
  const uniform = 1 / (vocabulary.size - (vocabulary.begin < 0 ? 0 : 1));
  for (let length = 0; length < order; length++) {
    for (let history = levels[length]!; history < levels[length + 1]!; history++) {
      const [from, to] = [firstChild[history]!, firstChild[history + 1]!];
      if (from === to) continue;
      let total = 0;
      let taken = 0;
      for (let node = from; node < to; node++) {
        total += adjusted[node]!;
        taken += discountOf(discounts[length]!, adjusted[node]!);
      }
      if (total === 0) throw new RangeError('[estimateKneserNey] expected counts, got none');
      const gamma = taken / total;
      backoffs[history] = gamma;
      for (let node = from; node < to; node++) {
        const count = adjusted[node]!;
        const shorter = length === 0 ? uniform : probs[suffix[node]!]!;
        probs[node] = (count - discountOf(discounts[length]!, count)) / total + gamma * shorter;
      }
    }
  }
  if (vocabulary.begin >= 0) probs[1 + vocabulary.begin] = 0;
  return { counts, discounts, probs, backoffs };
}

/** What files have for the probability of `<s>`, which nothing ever asks for. */
const logProbOfBegin = -99 * Math.LN10;

/** The model of an estimate. */
export function modelOf({ counts, probs, backoffs }: Estimate): NgramModel {
  const { vocabulary, tree } = counts;
  const logProbs = Float32Array.from(probs, Math.log);
  const logBackoffs = Float32Array.from(backoffs, Math.log);
  logProbs[0] = 0;
  logBackoffs[0] = 0;
  if (vocabulary.begin >= 0) logProbs[1 + vocabulary.begin] = logProbOfBegin;
  const ownTree: NgramTree = { ...tree, suffix: tree.suffix.slice() };
  return createModel({ vocabulary, tree: ownTree, logProbs, logBackoffs, sourceSha256: noSource });
}

/** nodes; a(n-gram) */
function adjustedCounts({ vocabulary, tree, counts }: NgramCounts): Float64Array {
  const { order, levels, firstChild, suffix, words } = tree;
  const adjusted = new Float64Array(words.length);
  // Each n-gram is one more word that was seen before its suffix.
  for (let node = levels[2]!; node < words.length; node++) adjusted[suffix[node]!]!++;
  for (let node = levels[order]!; node < words.length; node++) adjusted[node] = counts[node]!;
  if (vocabulary.begin < 0) return adjusted;
  let [from, to] = [1 + vocabulary.begin, 2 + vocabulary.begin];
  adjusted[from] = 0;
  for (let length = 2; length <= order; length++) {
    [from, to] = [firstChild[from]!, firstChild[to]!];
    for (let node = from; node < to; node++) adjusted[node] = counts[node]!;
  }
  return adjusted;
}

/** How many of some nodes have the count 1, 2, 3 and 4. */
function countsOfCounts(
  adjusted: Float64Array,
  from: number,
  to: number,
): [number, number, number, number] {
  const numbers: [number, number, number, number] = [0, 0, 0, 0];
  for (let node = from; node < to; node++) {
    const count = adjusted[node]!;
    if (count >= 1 && count <= 4) numbers[count - 1]!++;
  }
  return numbers;
}
