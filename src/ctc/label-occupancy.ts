import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import { CtcTarget } from './target.ts';

/** The frames [firstFrame, endFrame) of a recording. */
export type Stretch = { readonly firstFrame: number; readonly endFrame: number };

/** Labels that leave no trace where they stand. */
export type SilentLabels = {
  /** Between the labels of a labelling. */
  readonly inside: readonly number[];
  /** Before the first one and after the last. */
  readonly outside: readonly number[];
};

export type LabelOccupancy = {
  /** Of the labelling, all paths through the stretch together. */
  readonly probability: number;
  /**
   * labels; the middle of each label's frames, on average over these paths. Frame t of the recording is from
   * t to t + 1. In order, and at least one frame apart
   */
  readonly middles: Float64Array;
};

/**
 * CTC's forward-backward recursion (Graves et al. 2006, eqs. 5–15) over a stretch of a recording, rescaled at
 * each frame as Rabiner (1989) does: how probable a labelling is there, and when each of its labels is said.
 * Undefined where no path has a probability above about 1e-290. It takes 32 bytes of memory for each frame
 * and label: it is meant for a word.
 *
 * @param labelling labels, at least one, none of them silent
 */
export function labelOccupancy(
  emissions: EmissionMatrix,
  { firstFrame, endFrame }: Stretch,
  silent: SilentLabels,
  labelling: Int32Array,
): LabelOccupancy | undefined {
  // T frames, L labels, S = 2L + 1 cells: cell 2i is the silence before label i, 2i + 1 the label.
  const T = endFrame - firstFrame;
  const L = labelling.length;
  const S = 2 * L + 1;
  const target = new CtcTarget();
  target.assign(labelling, 0, L);
  const { skips } = target;
  if (target.fewestFrames > T) return undefined;
  const probs = cellProbs(emissions, { firstFrame, endFrame }, silent, labelling);

  // (T + 1) × S; row t + 1 is frame t, divided by the mass of the row before; row 0 is the start.
  const alphas = new Float64Array((T + 1) * S);
  // T; what each row was multiplied by.
  const scales = new Float64Array(T);
  alphas[0] = 1;
  let logMass = 0;
  let scale = 1;
  for (let t = 0; t < T; t++) {
    const before = t * S;
    scales[t] = scale;
    let mass = 0;
    for (let s = 0; s < S; s++) {
      const reached = alphas[before + s]! + moveInto(alphas, before, s, skips);
      const alpha = reached * probs[t * S + s]! * scale;
      alphas[before + S + s] = alpha;
      mass += alpha;
    }
    if (mass === 0) return undefined;
    logMass += Math.log(mass);
    scale = 1 / mass;
  }
  const completed = (alphas[T * S + S - 1]! + alphas[T * S + S - 2]!) * scale;
  const probability = Math.min(1, completed * Math.exp(logMass));
  if (!(probability > 0)) return undefined;

  const middles = new Float64Array(L);
  // For the frame after t, each cell's backward mass times its probability there.
  let following = new Float64Array(S);
  let betas = new Float64Array(S);
  for (let t = T - 1; t >= 0; t--) {
    let total = 0;
    for (let s = 0; s < S; s++) {
      betas[s] = following[s]! + moveOutOf(following, s, skips);
      if (t === T - 1 && s >= S - 2) betas[s] = 1;
      total += alphas[(t + 1) * S + s]! * betas[s]!;
    }
    if (!(total > 0)) return undefined;
    let mass = 0;
    for (let s = 0; s < S; s++) {
      const prob = probs[t * S + s]!;
      if (s % 2 === 1) {
        const entered = moveInto(alphas, t * S, s, skips) * prob * scales[t]! * betas[s]!;
        const left = alphas[(t + 1) * S + s]! * (betas[s]! - following[s]!);
        const first = firstFrame + t;
        middles[(s - 1) / 2]! += (entered * first + left * (first + 1)) / (2 * total);
      }
      betas[s]! *= prob;
      mass += betas[s]!;
    }
    for (let s = 0; s < S; s++) betas[s]! /= mass;
    [betas, following] = [following, betas];
  }
  return { probability, middles };
}

/** What comes into a cell from the cells before it, in the row at `from`. */
function moveInto(alphas: Float64Array, from: number, s: number, skips: Float64Array): number {
  if (s === 0) return 0;
  const past = s % 2 === 1 && s > 1 ? skips[(s - 1) / 2]! * alphas[from + s - 2]! : 0;
  return alphas[from + s - 1]! + past;
}

/** What goes from a cell to the cells behind it. */
function moveOutOf(following: Float64Array, s: number, skips: Float64Array): number {
  if (s + 1 === following.length) return 0;
  const past =
    s % 2 === 1 && s + 2 < following.length ? skips[(s + 1) / 2]! * following[s + 2]! : 0;
  return following[s + 1]! + past;
}

/** frames of the stretch × cells; the probability of what stands in each cell */
function cellProbs(
  { units, logProbs }: EmissionMatrix,
  { firstFrame, endFrame }: Stretch,
  silent: SilentLabels,
  labelling: Int32Array,
): Float64Array {
  const last = 2 * labelling.length;
  const probs = new Float64Array((endFrame - firstFrame) * (last + 1));
  const probOf = (row: number, labels: readonly number[]) =>
    labels.reduce((sum, label) => sum + Math.exp(logProbs[row + label]!), 0);
  for (let t = firstFrame, place = 0; t < endFrame; t++, place += last + 1) {
    const row = t * units;
    const [inside, outside] = [probOf(row, silent.inside), probOf(row, silent.outside)];
    for (let s = 0; s <= last; s += 2) probs[place + s] = s === 0 || s === last ? outside : inside;
    for (const [i, label] of labelling.entries()) {
      probs[place + 2 * i + 1] = Math.exp(logProbs[row + label]!);
    }
  }
  return probs;
}
