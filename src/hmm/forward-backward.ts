import { expOfFall } from '../math/exponential.ts';
import { type EmissionScores, readFrame } from './emission-scores.ts';
import { forward, smallestSum } from './forward.ts';
import type { MarkovChain } from './markov-chain.ts';

const { NEGATIVE_INFINITY } = Number;

/** Where a sequence of frames was in the chain, as far as one can know. All zeros if it is impossible. */
export type Posteriors = {
  /** ln p(frames | model), −∞ where no path explains the frames */
  readonly logLikelihood: number;
  /** frames × states; `[t * states + s]`: p(state s at t | frames), summing to one in each frame */
  readonly states: Float64Array;
  /** arcs, in the order of the chain: how often each was taken, expected; they sum to frames − 1 */
  readonly arcs: Float64Array;
};

/**
 * The posteriors of states and the expected numbers of transitions (Baum-Welch's E-step; Rabiner 1989,
 * eqs. 24–27 and 36–38), in log space.
 *
 * Each frame's posteriors are divided by their own sum, and a state's are shared out over the arcs that
 * leave it, so that rounding adds up over no more than a frame.
 *
 * @param beam as in `forward`: states far below the best of their frame are given up
 *
 * Throws `RangeError` when the scores lack a column of the chain, or hold NaN or +∞.
 */
export function forwardBackward(
  chain: MarkovChain,
  scores: EmissionScores,
  beam = Infinity,
): Posteriors {
  const { states, arcStart, logFinal } = chain;
  const { frames } = scores;
  const arcs = new Float64Array(chain.arcTarget.length);
  // The posteriors take the place of the alphas, row by row.
  const { logLikelihood, alphas } = forward(chain, scores, beam);
  if (logLikelihood === NEGATIVE_INFINITY) {
    return { logLikelihood, states: alphas.fill(0), arcs };
  }
  const probs = chain.arcLogProb.map(Math.exp);
  const powers = new Float64Array(states);
  const row = new Float64Array(states);
  const betas = Float64Array.from(logFinal);
  /** states; beta of the frame after, times what the state emits there with */
  const following = new Float64Array(states);
  /** arcs; of what leaves a state, which part takes this arc */
  const shares = new Float64Array(arcs.length);
  for (let t = frames - 1; t >= 0; t--) {
    const now = t * states;
    if (t < frames - 1) {
      retreat(chain, probs, powers, alphas, now, following, betas, shares);
    }
    toPosteriors(alphas, now, betas);
    if (t < frames - 1) {
      for (let i = 0; i < states; i++) {
        const posterior = alphas[now + i]!;
        if (posterior === 0) continue;
        for (let arc = arcStart[i]!; arc < arcStart[i + 1]!; arc++) {
          arcs[arc]! += posterior * shares[arc]!;
        }
      }
    }
    if (t === 0) break;
    readFrame('forwardBackward', chain, scores, t, row);
    let largest = NEGATIVE_INFINITY;
    for (let s = 0; s < states; s++) largest = Math.max(largest, betas[s]! + row[s]!);
    for (let s = 0; s < states; s++) following[s] = betas[s]! + row[s]! - largest;
  }
  return { logLikelihood, states: alphas, arcs };
}

/**
 * The posteriors of the emitting states: those of states that share a column added up.
 *
 * Returns frames × units; `[t * units + k]`: how likely frame t was emitted by column k.
 */
export function columnPosteriors(
  chain: MarkovChain,
  posteriors: Posteriors,
  units: number,
): Float64Array {
  const { states, emission } = chain;
  const frames = posteriors.states.length / states;
  const columns = new Float64Array(frames * units);
  for (let t = 0; t < frames; t++) {
    for (let s = 0; s < states; s++) {
      columns[t * units + emission[s]!]! += posteriors.states[t * states + s]!;
    }
  }
  return columns;
}

/**
 * One step of the backward recursion (Rabiner, eq. 25): beta(i) = Σ_j a_ij following(j), with the part that
 * each j has in the sum. States that no path reaches are passed over. As in `forward`, sums are of
 * probabilities unless they are too small for that.
 *
 * @param probs arcs; a_ij
 * @param powers states; scratch space
 */
function retreat(
  chain: MarkovChain,
  probs: Float64Array,
  powers: Float64Array,
  alphas: Float64Array,
  now: number,
  following: Float64Array,
  betas: Float64Array,
  shares: Float64Array,
): void {
  const { states, arcStart, arcTarget } = chain;
  for (let j = 0; j < states; j++) powers[j] = expOfFall(-following[j]!);
  for (let i = 0; i < states; i++) {
    if (alphas[now + i] === NEGATIVE_INFINITY) {
      betas[i] = NEGATIVE_INFINITY;
      continue;
    }
    const first = arcStart[i]!;
    const end = arcStart[i + 1]!;
    let sum = 0;
    for (let arc = first; arc < end; arc++) {
      const product = probs[arc]! * powers[arcTarget[arc]!]!;
      shares[arc] = product;
      sum += product;
    }
    if (!(sum > smallestSum)) {
      betas[i] = shareInLogSpace(chain, i, following, shares);
      continue;
    }
    const scale = 1 / sum;
    for (let arc = first; arc < end; arc++) shares[arc]! *= scale;
    betas[i] = Math.log(sum);
  }
}

/** beta(i) and the shares of its arcs, in log space */
function shareInLogSpace(
  { arcStart, arcTarget, arcLogProb }: MarkovChain,
  i: number,
  following: Float64Array,
  shares: Float64Array,
): number {
  const end = arcStart[i + 1]!;
  let largest = NEGATIVE_INFINITY;
  for (let arc = arcStart[i]!; arc < end; arc++) {
    largest = Math.max(largest, arcLogProb[arc]! + following[arcTarget[arc]!]!);
  }
  if (largest === NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let arc = arcStart[i]!; arc < end; arc++) {
    const power = expOfFall(largest - (arcLogProb[arc]! + following[arcTarget[arc]!]!));
    shares[arc] = power;
    sum += power;
  }
  for (let arc = arcStart[i]!; arc < end; arc++) shares[arc]! /= sum;
  return largest + Math.log(sum);
}

/** alphas[now + s] = e^(alpha + beta) / Σ e^(alpha + beta) */
function toPosteriors(alphas: Float64Array, now: number, betas: Float64Array): void {
  const states = betas.length;
  let largest = NEGATIVE_INFINITY;
  for (let s = 0; s < states; s++) largest = Math.max(largest, alphas[now + s]! + betas[s]!);
  let sum = 0;
  for (let s = 0; s < states; s++) {
    const power = expOfFall(largest - (alphas[now + s]! + betas[s]!));
    alphas[now + s] = power;
    sum += power;
  }
  const scale = 1 / sum;
  for (let s = 0; s < states; s++) alphas[now + s]! *= scale;
}
