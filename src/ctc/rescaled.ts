import type { CtcTarget, GradientPlace } from './target.ts';

/** Added to every backward cell: above all that underflow can lose there, far below all that counts. */
const injectedMass = 1e-300;
/** Below this a frame's mass is too close to what underflow loses. */
const smallestMass = 1e-200;
/** Products of masses are kept above this, so that one more factor cannot underflow. */
const smallestProduct = 1e-100;
/** How far, in nats, the two bounds of a likelihood may lie apart. */
const tolerance = 1e-8;

/**
 * CTC's forward-backward recursion on probabilities (Graves et al. 2006, eqs. 5–16), rescaled at each
 * frame as Rabiner (1989) does for hidden Markov models. It keeps its arrays between calls.
 *
 * A frame's cells can differ by more than a double holds, so that a path underflows which later turns
 * out to matter. The forward pass can only lose mass: its likelihood is a lower bound. The backward pass
 * is given a speck of extra mass in every cell, more than underflow takes: its likelihood is an upper
 * bound. Where the two agree both are right, and so are the occupancies; where not, the answer is
 * `undefined` and the caller goes to log space: for logits hundreds apart, and for an untrained model's
 * flat scores over thousands of frames.
 */
export class RescaledForwardBackward {
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
   * occupancy (eq. 16); or returns `undefined`, with anything in the gradient's place. The target must
   * fit in the frames.
   *
   * @param probs frames × labels; `[t * labels + k]`
   */
  run(
    probs: Float64Array,
    frames: number,
    target: CtcTarget,
    gradient: GradientPlace,
  ): number | undefined {
    const cells = 2 * target.length + 1;
    const size = (frames + 1) * cells;
    if (this.alphas.length < size) this.alphas = new Float64Array(size);
    if (this.betas.length < cells + 1) this.betas = new Float64Array(cells + 1);
    const lower = this.forward(probs, frames, target);
    if (lower === undefined) return undefined;
    const upper = this.backward(probs, frames, target, gradient);
    if (upper === undefined || !(Math.abs(upper - lower) <= tolerance)) return undefined;
    return -lower;
  }

  /**
   * Fills `alphas` and returns the logarithm of a lower bound of the likelihood.
   *
   * T frames, K labels, L target labels, S = 2L + 1 cells: cell 2i is the blank before target label i,
   * cell 2i + 1 the label. Row t + 1 of `alphas` is frame t, `[(t + 1) * S + s]`, divided by the mass
   * of the row before; row 0 is the start. Only pairs i that can be reached from the start and can reach
   * the end are filled.
   */
  private forward(probs: Float64Array, T: number, target: CtcTarget): number | undefined {
    const { alphas, blank } = this;
    const K = this.occupancies.length;
    const { labels, skips, length: L } = target;
    const S = 2 * L + 1;
    let logMass = 0;
    let product = 1;
    let scale = 1;
    alphas[0] = 1;
    if (L > 0) alphas[1] = 0;
    for (let t = 0; t < T; t++) {
      const before = t * S;
      const now = before + S;
      const row = t * K;
      const first = Math.max(0, L - T + t);
      const end = Math.min(L, t + 1);
      const blankProb = probs[row + blank]! * scale;
      let previousLabel = first > 0 ? alphas[before + 2 * first - 1]! : 0;
      let blankMass = 0;
      let labelMass = 0;
      for (let i = first; i < end; i++) {
        const oldBlank = alphas[before + 2 * i]!;
        const oldLabel = alphas[before + 2 * i + 1]!;
        const newBlank = (oldBlank + previousLabel) * blankProb;
        const newLabel =
          (oldLabel + oldBlank + skips[i]! * previousLabel) * (probs[row + labels[i]!]! * scale);
        alphas[now + 2 * i] = newBlank;
        alphas[now + 2 * i + 1] = newLabel;
        blankMass += newBlank;
        labelMass += newLabel;
        previousLabel = oldLabel;
      }
      if (t >= L) {
        const newBlank = (alphas[before + 2 * L]! + previousLabel) * blankProb;
        alphas[now + 2 * L] = newBlank;
        blankMass += newBlank;
      } else {
        // The next frame reaches one pair further.
        alphas[now + 2 * end] = 0;
        if (end < L) alphas[now + 2 * end + 1] = 0;
      }
      const mass = blankMass + labelMass;
      if (!(mass >= smallestMass)) return undefined;
      product *= mass;
      if (product < smallestProduct) {
        logMass += Math.log(product);
        product = 1;
      }
      scale = 1 / mass;
    }
    const last = T * S;
    const completed = (alphas[last + S - 1]! + (L > 0 ? alphas[last + S - 2]! : 0)) * scale;
    return logMass + Math.log(product) + Math.log(completed);
  }

  /**
   * Writes the gradient and returns the logarithm of an upper bound of the likelihood.
   *
   * Letters and cells as in `forward`. `betas` holds, for the frame after t, each cell's backward mass
   * times its probability there; it is updated in place.
   */
  private backward(
    probs: Float64Array,
    T: number,
    target: CtcTarget,
    gradient: GradientPlace,
  ): number | undefined {
    const { alphas, betas, occupancies, blank } = this;
    const K = occupancies.length;
    const { array, from, stride } = gradient;
    const { labels, skips, length: L } = target;
    const S = 2 * L + 1;
    betas.fill(0, 0, S + 1);
    betas[S - 1] = 1;
    occupancies.fill(0);
    let logMass = 0;
    let product = 1;
    let scale = 1;
    for (let t = T - 1; t >= 0; t--) {
      const now = (t + 1) * S;
      const row = t * K;
      const first = Math.max(0, L - T + t);
      const end = Math.min(L, t + 1);
      const blankProb = probs[row + blank]! * scale;
      let nextBlank = betas[2 * first]!;
      let nextLabel = betas[2 * first + 1]!;
      let blankMass = 0;
      let labelMass = 0;
      let blankOccupancy = 0;
      let labelOccupancy = 0;
      for (let i = first; i < end; i++) {
        const blankBeta = nextBlank + nextLabel;
        const label = labels[i]!;
        const ownLabel = nextLabel;
        nextBlank = betas[2 * i + 2]!;
        nextLabel = betas[2 * i + 3]!;
        const labelBeta = ownLabel + nextBlank + skips[i + 1]! * nextLabel;
        blankOccupancy += alphas[now + 2 * i]! * blankBeta;
        const occupancy = alphas[now + 2 * i + 1]! * labelBeta;
        labelOccupancy += occupancy;
        occupancies[label]! += occupancy;
        const newBlank = blankBeta * blankProb + injectedMass;
        const newLabel = labelBeta * (probs[row + label]! * scale) + injectedMass;
        betas[2 * i] = newBlank;
        betas[2 * i + 1] = newLabel;
        blankMass += newBlank;
        labelMass += newLabel;
      }
      if (t >= L) {
        blankOccupancy += alphas[now + 2 * L]! * nextBlank;
        const newBlank = nextBlank * blankProb + injectedMass;
        betas[2 * L] = newBlank;
        blankMass += newBlank;
      }
      const total = blankOccupancy + labelOccupancy;
      const mass = blankMass + labelMass;
      if (!(total >= smallestMass && mass >= smallestMass)) return undefined;
      const inverseTotal = 1 / total;
      occupancies[blank]! += blankOccupancy;
      const place = from + t * stride;
      for (let k = 0; k < K; k++) {
        array[place + k] = probs[row + k]! - occupancies[k]! * inverseTotal;
        occupancies[k] = 0;
      }
      product *= mass;
      if (product < smallestProduct) {
        logMass += Math.log(product);
        product = 1;
      }
      scale = 1 / mass;
    }
    const completed = (betas[0]! + (L > 0 ? betas[1]! : 0)) * scale;
    return logMass + Math.log(product) + Math.log(completed);
  }
}
