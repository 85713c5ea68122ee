import type { MarkovChain } from './markov-chain.ts';

/**
 * How likely each frame is under each emitting state. An `EmissionMatrix` is one; training has doubles.
 */
export type EmissionScores = {
  readonly frames: number;
  /** columns: the states that emit */
  readonly units: number;
  /** frames × units; `[t * units + k]`, ln b_k(x_t): never NaN, never +∞; −∞ where a state cannot emit x_t */
  readonly logProbs: Float32Array | Float64Array;
};

/** Throws `RangeError`, in the caller's name, unless the scores have their size and a column for each state. */
export function checkScores(caller: string, chain: MarkovChain, scores: EmissionScores): void {
  const { frames, units, logProbs } = scores;
  if (logProbs.length !== frames * units) {
    throw new RangeError(
      `[${caller}] expected ${frames} × ${units} = ${frames * units} logProbs, got ${logProbs.length}`,
    );
  }
  for (const column of chain.emission) {
    if (column >= 0 && column < units) continue;
    throw new RangeError(`[${caller}] expected emission columns in [0, ${units}), got ${column}`);
  }
}

/**
 * Puts what each state of the chain emits frame t with into `row`. Throws `RangeError`, in the caller's
 * name, on NaN and +∞.
 */
export function readFrame(
  caller: string,
  chain: MarkovChain,
  scores: EmissionScores,
  t: number,
  row: Float64Array,
): void {
  const { emission } = chain;
  const { units, logProbs } = scores;
  for (let s = 0; s < row.length; s++) {
    const logProb = logProbs[t * units + emission[s]!]!;
    if (!(logProb < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `[${caller}] expected logProbs without NaN and +∞, got ${logProb} at frame ${t}`,
      );
    }
    row[s] = logProb;
  }
}
