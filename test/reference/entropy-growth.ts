/** p(word | history) of everything that can come, by number. */
export type Distribution = readonly number[];

/**
 * How much the relative entropy grows when one n-gram backs off (Stolcke 1998, eq. 3), by its definition:
 * p(h) Σ p(w|h) ln (p(w|h) / p′(w|h)) over everything that can come, with p′ put together anew.
 *
 * @param listed whether the history has an n-gram with each word
 */
export function entropyGrowthByDefinition(
  historyProb: number,
  probs: Distribution,
  shorterProbs: Distribution,
  listed: readonly boolean[],
  removed: number,
): number {
  const stays = (word: number) => listed[word] === true && word !== removed;
  const sumOf = (values: Distribution, which: (word: number) => boolean) =>
    values.reduce((sum, value, word) => (which(word) ? sum + value : sum), 0);
  const backoff = (1 - sumOf(probs, stays)) / sumOf(shorterProbs, (word) => !stays(word));
  return (
    historyProb *
    probs.reduce((sum, prob, word) => {
      const changed = stays(word) ? prob : backoff * shorterProbs[word]!;
      return sum + prob * Math.log(prob / changed);
    }, 0)
  );
}
