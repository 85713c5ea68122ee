import { logAdd } from '../math/log-space.ts';
import type { CtcTarget, GradientPlace } from './target.ts';

const { NEGATIVE_INFINITY } = Number;

/**
 * CTC's forward-backward recursion on log-probabilities (Graves et al. 2006, eqs. 5–16). Several times
 * slower than the rescaled one and right whatever the scores are. It keeps its arrays between calls.
 */
export class LogSpaceForwardBackward {
  private readonly blank: number;
  private alphas = new Float64Array(0);
  private betas = new Float64Array(0);
  private readonly occupancies: Float64Array;

  constructor(shape: { labels: number; blank: number }) {
    this.blank = shape.blank;
    this.occupancies = new Float64Array(shape.labels);
  }

  /**
   * Returns the loss −ln p(target) in nats and writes its gradient by the logits, probability minus
   * occupancy (eq. 16). The loss is +Infinity if the target has no probability; anything may then be in
   * the gradient's place. The target must fit in the frames, of which there must be one.
   *
   * @param logProbs frames × labels; `[t * labels + k]`
   */
  run(logProbs: Float64Array, frames: number, target: CtcTarget, gradient: GradientPlace): number {
    const { blank, occupancies } = this;
    // T frames, K labels, L target labels, S cells: cell 2i is the blank before label i, 2i + 1 the label.
    const [T, K, S] = [frames, occupancies.length, 2 * target.length + 1];
    if (this.alphas.length < T * S) this.alphas = new Float64Array(T * S);
    if (this.betas.length < 2 * S) this.betas = new Float64Array(2 * S);
    const cellLabels = new Int32Array(S).fill(blank);
    const maySkipTo = new Uint8Array(S + 2);
    for (let i = 0; i < target.length; i++) {
      cellLabels[2 * i + 1] = target.labels[i]!;
      maySkipTo[2 * i + 1] = target.skips[i]!;
    }

    const { alphas } = this;
    alphas.fill(NEGATIVE_INFINITY, 0, S);
    for (let s = 0; s < Math.min(2, S); s++) alphas[s] = logProbs[cellLabels[s]!]!;
    for (let t = 1; t < T; t++) {
      const before = (t - 1) * S;
      for (let s = 0; s < S; s++) {
        let sum = alphas[before + s]!;
        if (s > 0) sum = logAdd(sum, alphas[before + s - 1]!);
        if (maySkipTo[s] === 1) sum = logAdd(sum, alphas[before + s - 2]!);
        alphas[t * S + s] = sum + logProbs[t * K + cellLabels[s]!]!;
      }
    }
    const end = T * S;
    const logLikelihood = S > 1 ? logAdd(alphas[end - 1]!, alphas[end - 2]!) : alphas[end - 1]!;

    let betas = this.betas.subarray(0, S);
    let following = this.betas.subarray(S, 2 * S);
    for (let t = T - 1; t >= 0; t--) {
      for (let s = 0; s < S; s++) {
        let sum = NEGATIVE_INFINITY;
        if (t === T - 1) {
          if (s >= S - 2) sum = 0;
        } else {
          sum = following[s]!;
          if (s + 1 < S) sum = logAdd(sum, following[s + 1]!);
          if (maySkipTo[s + 2] === 1) sum = logAdd(sum, following[s + 2]!);
        }
        betas[s] = sum;
      }
      // Dividing by the frame's own sum, not by the likelihood, keeps occupancies in [0, 1] even where
      // scores are so large that the two differ by rounding.
      let largest = NEGATIVE_INFINITY;
      for (let s = 0; s < S; s++) largest = Math.max(largest, alphas[t * S + s]! + betas[s]!);
      if (largest === NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
      occupancies.fill(0);
      let total = 0;
      for (let s = 0; s < S; s++) {
        const occupancy = Math.exp(alphas[t * S + s]! + betas[s]! - largest);
        occupancies[cellLabels[s]!]! += occupancy;
        total += occupancy;
        betas[s]! += logProbs[t * K + cellLabels[s]!]!;
      }
      const place = gradient.from + t * gradient.stride;
      for (let k = 0; k < K; k++) {
        gradient.array[place + k] = Math.exp(logProbs[t * K + k]!) - occupancies[k]! / total;
      }
      [betas, following] = [following, betas];
    }
    return -logLikelihood;
  }
}
