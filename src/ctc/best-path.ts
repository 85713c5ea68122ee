import type { EmissionMatrix } from '../decoding/emission-matrix.ts';

/** The likeliest label at each frame, collapsed. */
export type BestPath = {
  /** In order of time, without blanks. */
  readonly labels: Int32Array;
  /** Natural log of the path's probability. */
  readonly logProb: number;
};

/**
 * Best path decoding (Graves et al. 2006, section 3.2): the likeliest label at each frame, the lowest
 * index among equals; equal neighbours become one, then blanks go.
 */
export function bestPath(emissions: EmissionMatrix, blank: number): BestPath {
  const { frames, units, logProbs } = emissions;
  const labels: number[] = [];
  let total = 0;
  let label = blank;
  for (let t = 0; t < frames; t++) {
    const row = t * units;
    let best = 0;
    for (let k = 1; k < units; k++) {
      if (logProbs[row + k]! > logProbs[row + best]!) best = k;
    }
    total += logProbs[row + best]!;
    if (best !== label && best !== blank) labels.push(best);
    label = best;
  }
  return { labels: Int32Array.from(labels), logProb: total };
}
