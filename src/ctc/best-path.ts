import type { EmissionMatrix } from '../decoding/emission-matrix.ts';

/** One label's consecutive frames on the best path. */
export type LabelRun = {
  readonly label: number;
  /** The run's frames are [firstFrame, endFrame). */
  readonly firstFrame: number;
  readonly endFrame: number;
  /** The label's largest probability in the run: the probability that some frame has it is no less. */
  readonly peak: number;
};

/** The likeliest label at each frame, collapsed. */
export type BestPath = {
  /** In order of time, blanks left out. */
  readonly runs: readonly LabelRun[];
  /** Natural log of the path's probability. */
  readonly logProb: number;
};

/**
 * Best path decoding (Graves et al. 2006, section 3.2): the likeliest label at each frame, the lowest
 * index among equals; equal neighbours become one run, blanks part runs and go.
 */
export function bestPath(emissions: EmissionMatrix, blank: number): BestPath {
  const { frames, units, logProbs } = emissions;
  const runs: LabelRun[] = [];
  let total = 0;
  let label = blank;
  let firstFrame = 0;
  let peak = 0;
  const endRun = (endFrame: number) => {
    if (label !== blank) runs.push({ label, firstFrame, endFrame, peak: Math.min(1, peak) });
  };
  for (let t = 0; t < frames; t++) {
    const row = t * units;
    let best = 0;
    for (let k = 1; k < units; k++) {
      if (logProbs[row + k]! > logProbs[row + best]!) best = k;
    }
    const logProb = logProbs[row + best]!;
    total += logProb;
    if (best !== label) {
      endRun(t);
      label = best;
      firstFrame = t;
      peak = 0;
    }
    peak = Math.max(peak, Math.exp(logProb));
  }
  endRun(frames);
  return { runs, logProb: total };
}
