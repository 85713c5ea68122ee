import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import { framesBetweenChecks } from './forced-path.ts';
import { CtcTarget } from './target.ts';

/**
 * The probability of a labelling: of all paths that collapse to it (Graves et al. 2006, eqs. 3 and 6–8),
 * by the rescaled forward recursion with one row of memory. Labellings less likely than about 1e-290 may
 * come out as 0.
 *
 * @param blanks the labels that leave no trace: the blank, and any other that is not to be told from it
 * @param labelling labels, none of them in `blanks`
 * @param checkpoint called every so many frames; it stops the recursion by throwing
 */
export function labellingProbability(
  emissions: EmissionMatrix,
  blanks: readonly number[],
  labelling: Int32Array,
  checkpoint: () => void = () => {},
): number {
  // T frames, K labels, L labels of the labelling; cell 2i is the blank before label i, 2i + 1 the label.
  const { frames: T, units: K, logProbs } = emissions;
  const L = labelling.length;
  const target = new CtcTarget();
  target.assign(labelling, 0, L);
  if (target.fewestFrames > T) return 0;
  const probs = new Float64Array(K);
  const alphas = new Float64Array(2 * L + 1);
  alphas[0] = 1;
  let logMass = 0;
  let scale = 1;
  for (let t = 0; t < T; t++) {
    if (t % framesBetweenChecks === 0) checkpoint();
    for (let k = 0; k < K; k++) probs[k] = Math.exp(logProbs[t * K + k]!) * scale;
    let blankProb = 0;
    for (const blank of blanks) blankProb += probs[blank]!;
    let mass = 0;
    // From the last cell that can be reached down, so that a cell's sources still hold the frame before.
    for (let i = Math.min(L, t + 1); i >= 0; i--) {
      const earlierLabel = i > 0 ? alphas[2 * i - 1]! : 0;
      if (i < L) {
        const reached = alphas[2 * i + 1]! + alphas[2 * i]! + target.skips[i]! * earlierLabel;
        alphas[2 * i + 1] = reached * probs[labelling[i]!]!;
        mass += alphas[2 * i + 1]!;
      }
      alphas[2 * i] = (alphas[2 * i]! + earlierLabel) * blankProb;
      mass += alphas[2 * i]!;
    }
    if (mass === 0) return 0;
    logMass += Math.log(mass);
    scale = 1 / mass;
  }
  const completed = (alphas[2 * L]! + (L > 0 ? alphas[2 * L - 1]! : 0)) * scale;
  return Math.min(1, completed * Math.exp(logMass));
}
