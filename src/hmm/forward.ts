import { expOfFall } from '../math/exponential.ts';
import { checkScores, type EmissionScores, readFrame } from './emission-scores.ts';
import { type IncomingArcs, incomingArcs, type MarkovChain } from './markov-chain.ts';

const { NEGATIVE_INFINITY } = Number;

/**
 * A sum of products of probabilities, of which the largest factor is one, is right above this: what
 * underflow can lose, 1e-307 an arc, is nothing beside it.
 */
export const smallestSum = 1e-280;

/**
 * The likelihood of a sequence of frames, all paths of states summed: the first of the three problems of
 * hidden Markov models (Rabiner 1989, section III.A, eqs. 19–21). Scores are kept in log space, so that
 * nothing underflows however long the sequence is and however far apart its paths are.
 *
 * Returns ln p(frames | model), −∞ where no path explains the frames. A sequence has at least one frame:
 * that of none is impossible too.
 *
 * Throws `RangeError` when the scores lack a column of the chain, or hold NaN or +∞.
 */
export function logLikelihood(chain: MarkovChain, scores: EmissionScores): number {
  checkScores('logLikelihood', chain, scores);
  return sweep('logLikelihood', chain, scores, new Float64Array(2 * chain.states), 2, Infinity);
}

export type ForwardResult = {
  /** ln p(frames | model), −∞ where no path explains the frames */
  readonly logLikelihood: number;
  /**
   * frames × states; `[t * states + s]`: ln p(x_0 … x_t, state s at t), each row less its largest, so that
   * the best state of a frame has 0. Undefined beyond a frame that cannot be explained.
   */
  readonly alphas: Float64Array;
};

/**
 * The likelihood, with the forward probabilities of each frame.
 *
 * @param beam states this many nats below the best of their frame are given up: the likelihood is then a
 * lower bound, −∞ when the only paths that can end were lost
 *
 * Throws as `logLikelihood` does.
 */
export function forward(
  chain: MarkovChain,
  scores: EmissionScores,
  beam = Infinity,
): ForwardResult {
  checkScores('forward', chain, scores);
  const alphas = new Float64Array(scores.frames * chain.states);
  return {
    logLikelihood: sweep('forward', chain, scores, alphas, scores.frames, beam),
    alphas,
  };
}

/** Goes through the frames; `alphas` has so many rows and is begun anew at its end. */
function sweep(
  caller: string,
  chain: MarkovChain,
  scores: EmissionScores,
  alphas: Float64Array,
  rows: number,
  beam: number,
): number {
  const { states, logInitial, logFinal } = chain;
  if (scores.frames === 0) return NEGATIVE_INFINITY;
  const incoming = incomingArcs(chain);
  const probs = incoming.logProb.map(Math.exp);
  const powers = new Float64Array(states);
  const row = new Float64Array(states);
  let logScale = 0;
  let now = 0;
  for (let t = 0; t < scores.frames; t++) {
    readFrame(caller, chain, scores, t, row);
    const before = now;
    now = (t % rows) * states;
    if (t === 0) for (let s = 0; s < states; s++) alphas[s] = logInitial[s]! + row[s]!;
    else advance(incoming, probs, powers, alphas, before, row, now);
    const best = rescale(alphas, now, states, beam);
    if (best === NEGATIVE_INFINITY) return NEGATIVE_INFINITY;
    logScale += best;
  }
  return logScale + logSumOfPairs(alphas, now, logFinal);
}

/**
 * One step of the recursion (Rabiner, eq. 20): alpha(j) = b_j Σ_i alpha_before(i) a_ij. The sums are of
 * probabilities, one exponential a state; a sum so small that underflow may have had a part in it is worked
 * out again in log space.
 *
 * @param probs arcs, in the order of `incoming`; a_ij
 * @param powers states; scratch space
 * @param row states; ln b_j of the new frame
 */
function advance(
  incoming: IncomingArcs,
  probs: Float64Array,
  powers: Float64Array,
  alphas: Float64Array,
  before: number,
  row: Float64Array,
  now: number,
): void {
  const { start, source } = incoming;
  for (let i = 0; i < row.length; i++) powers[i] = expOfFall(-alphas[before + i]!);
  for (let j = 0; j < row.length; j++) {
    const end = start[j + 1]!;
    let sum = 0;
    for (let arc = start[j]!; arc < end; arc++) sum += powers[source[arc]!]! * probs[arc]!;
    const logSum = sum > smallestSum ? Math.log(sum) : logSumOfArcs(incoming, alphas, before, j);
    alphas[now + j] = logSum + row[j]!;
  }
}

/** ln Σ_i alpha_before(i) a_ij, in log space */
function logSumOfArcs(
  { start, source, logProb }: IncomingArcs,
  alphas: Float64Array,
  before: number,
  j: number,
): number {
  const end = start[j + 1]!;
  let largest = NEGATIVE_INFINITY;
  for (let arc = start[j]!; arc < end; arc++) {
    const term = alphas[before + source[arc]!]! + logProb[arc]!;
    if (term > largest) largest = term;
  }
  if (largest === NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let arc = start[j]!; arc < end; arc++) {
    sum += expOfFall(largest - (alphas[before + source[arc]!]! + logProb[arc]!));
  }
  return largest + Math.log(sum);
}

/** Takes the largest off a row, gives up what lies beyond the beam, and returns the largest. */
function rescale(alphas: Float64Array, now: number, states: number, beam: number): number {
  let best = NEGATIVE_INFINITY;
  for (let s = 0; s < states; s++) best = Math.max(best, alphas[now + s]!);
  if (best === NEGATIVE_INFINITY) return best;
  for (let s = 0; s < states; s++) {
    const alpha = alphas[now + s]! - best;
    alphas[now + s] = alpha < -beam ? NEGATIVE_INFINITY : alpha;
  }
  return best;
}

/** ln Σ_s e^(a[from + s] + b[s]) */
function logSumOfPairs(a: Float64Array, from: number, b: Float64Array): number {
  let largest = NEGATIVE_INFINITY;
  for (let s = 0; s < b.length; s++) largest = Math.max(largest, a[from + s]! + b[s]!);
  if (largest === NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let s = 0; s < b.length; s++) sum += expOfFall(largest - (a[from + s]! + b[s]!));
  return largest + Math.log(sum);
}
