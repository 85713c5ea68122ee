import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import { CtcTarget } from './target.ts';

/** The best path through a labelling, as the frames of its labels. */
export type ForcedPath = {
  /** labels; the label's frames on the path are [firstFrames[i], endFrames[i]), at least one */
  readonly firstFrames: Int32Array;
  readonly endFrames: Int32Array;
  /** Natural log of the path's probability. */
  readonly logProb: number;
};

/** Frames between two looks at whether anyone still waits. */
export const framesBetweenChecks = 256;

/** How the best path came into a cell: two bits, four cells a byte. */
const came = { fromItself: 0, fromBefore: 1, pastTheBlank: 2 } as const;
const cellsPerByte = 4;

/**
 * CTC's forced alignment: of all paths that collapse to a labelling, the likeliest (Viterbi's recursion over
 * the labels with blanks between them; Graves et al. 2006, section 4.1, with the largest in place of the
 * sum). Of equal paths, the one that moves on earlier. Undefined where no path has a probability above zero.
 *
 * Time grows with frames × labels, and so does memory: half a byte for each of them.
 *
 * @param silent the labels that leave no trace: the blank, and any other that is not to be told from it
 * @param labelling labels, none of them in `silent`
 */
export function forcedPath(
  emissions: EmissionMatrix,
  silent: readonly number[],
  labelling: Int32Array,
  checkpoint: () => void = () => {},
): ForcedPath | undefined {
  // T frames, K labels, L labels of the labelling; cell 2i is the blank before label i, 2i + 1 the label.
  const { frames: T, units: K, logProbs } = emissions;
  const L = labelling.length;
  const target = new CtcTarget();
  target.assign(labelling, 0, L);
  if (target.fewestFrames > T) return undefined;
  const { skips } = target;
  const scores = new Float64Array(2 * L + 1).fill(-Infinity);
  scores[0] = 0;
  const bytesPerFrame = Math.ceil((2 * L + 1) / cellsPerByte);
  const steps = new Uint8Array(T * bytesPerFrame);
  for (let t = 0; t < T; t++) {
    if (t % framesBetweenChecks === 0) checkpoint();
    const row = t * K;
    const place = t * bytesPerFrame;
    let silentScore = -Infinity;
    for (const label of silent) silentScore = Math.max(silentScore, logProbs[row + label]!);
    // Only pairs of blank and label that can be reached and can reach the end; from the last one down, so
    // that a cell's sources still hold the frame before.
    const first = Math.max(0, L - T + t);
    for (let i = Math.min(L, t + 1); i >= first; i--) {
      const blankScore = scores[2 * i]!;
      const earlierLabel = i > 0 ? scores[2 * i - 1]! : -Infinity;
      let pair = 0;
      if (i < L) {
        let best = scores[2 * i + 1]!;
        if (blankScore > best) {
          best = blankScore;
          pair = came.fromBefore << 2;
        }
        if (skips[i] === 1 && earlierLabel > best) {
          best = earlierLabel;
          pair = came.pastTheBlank << 2;
        }
        scores[2 * i + 1] = best + logProbs[row + labelling[i]!]!;
      }
      if (earlierLabel > blankScore) {
        scores[2 * i] = earlierLabel + silentScore;
        pair |= came.fromBefore;
      } else scores[2 * i] = blankScore + silentScore;
      steps[place + (i >> 1)]! |= pair << (4 * (i & 1));
    }
  }
  const endsInLabel = L > 0 && scores[2 * L - 1]! > scores[2 * L]!;
  const last = endsInLabel ? 2 * L - 1 : 2 * L;
  const logProb = scores[last]!;
  if (logProb === -Infinity) return undefined;
  return { ...framesOnPath(steps, T, L, last), logProb };
}

/** Goes back along the best path from its last cell. */
function framesOnPath(
  steps: Uint8Array,
  frames: number,
  labels: number,
  lastCell: number,
): Pick<ForcedPath, 'firstFrames' | 'endFrames'> {
  const firstFrames = new Int32Array(labels);
  const endFrames = new Int32Array(labels);
  const bytesPerFrame = Math.ceil((2 * labels + 1) / cellsPerByte);
  let cell = lastCell;
  for (let t = frames - 1; t >= 0; t--) {
    if (cell % 2 === 1) {
      const i = (cell - 1) / 2;
      firstFrames[i] = t;
      if (endFrames[i] === 0) endFrames[i] = t + 1;
    }
    const byte = steps[t * bytesPerFrame + Math.floor(cell / cellsPerByte)]!;
    cell -= (byte >> (2 * (cell % cellsPerByte))) & 3;
  }
  return { firstFrames, endFrames };
}

/** Natural log of what a path has in the frames from one of its labels to behind another, silence between. */
export function pathLogProb(
  { units, logProbs }: EmissionMatrix,
  silent: readonly number[],
  labelling: Int32Array,
  { firstFrames, endFrames }: ForcedPath,
  { firstLabel, endLabel }: { readonly firstLabel: number; readonly endLabel: number },
): number {
  let sum = 0;
  for (let i = firstLabel, t = firstFrames[firstLabel]!; i < endLabel; i++) {
    for (; t < firstFrames[i]!; t++) {
      sum += Math.max(...silent.map((label) => logProbs[t * units + label]!));
    }
    for (; t < endFrames[i]!; t++) sum += logProbs[t * units + labelling[i]!]!;
  }
  return sum;
}
