import { checkScores, type EmissionScores, readFrame } from './emission-scores.ts';
import { incomingArcs, type MarkovChain } from './markov-chain.ts';

const { NEGATIVE_INFINITY } = Number;

/** The most likely way of a sequence of frames through a chain. */
export type BestPath = {
  /** ln p(frames, path | model), −∞ where no path explains the frames */
  readonly logProb: number;
  /** frames; the state of each, none if there is no path */
  readonly states: Int32Array;
};

/**
 * The best path (Viterbi; Rabiner 1989, section III.B, eqs. 32–35), in log space. Of paths equally likely
 * it is one whose states, from the last frame backwards, come first in the chain. A sequence has at least
 * one frame: that of none has no path.
 *
 * Throws `RangeError` when the scores lack a column of the chain, or hold NaN or +∞.
 */
export function viterbi(chain: MarkovChain, scores: EmissionScores): BestPath {
  checkScores('viterbi', chain, scores);
  const { states, logInitial, logFinal } = chain;
  const { frames } = scores;
  const noPath = { logProb: NEGATIVE_INFINITY, states: new Int32Array(0) };
  if (frames === 0) return noPath;

  // deltas: states; of the best path that ends in s. origins: frames × states; where it comes from.
  const incoming = incomingArcs(chain);
  const origins = new Int32Array(frames * states);
  const row = new Float64Array(states);
  let before = new Float64Array(states);
  let deltas = new Float64Array(states);
  readFrame('viterbi', chain, scores, 0, row);
  for (let s = 0; s < states; s++) deltas[s] = logInitial[s]! + row[s]!;
  for (let t = 1; t < frames; t++) {
    [before, deltas] = [deltas, before];
    readFrame('viterbi', chain, scores, t, row);
    for (let j = 0; j < states; j++) {
      let best = NEGATIVE_INFINITY;
      let origin = 0;
      for (let arc = incoming.start[j]!; arc < incoming.start[j + 1]!; arc++) {
        const source = incoming.source[arc]!;
        const score = before[source]! + incoming.logProb[arc]!;
        if (score > best) {
          best = score;
          origin = source;
        }
      }
      deltas[j] = best + row[j]!;
      origins[t * states + j] = origin;
    }
  }

  let logProb = NEGATIVE_INFINITY;
  let last = 0;
  for (let s = 0; s < states; s++) {
    const score = deltas[s]! + logFinal[s]!;
    if (score > logProb) [logProb, last] = [score, s];
  }
  if (logProb === NEGATIVE_INFINITY) return noPath;
  const path = new Int32Array(frames);
  for (let t = frames - 1; t >= 0; t--) {
    path[t] = last;
    last = origins[t * states + last]!;
  }
  return { logProb, states: path };
}
