import { checkLossBatch, type LossResult } from '../ctc/loss-batch.ts';
import { softmaxRow } from '../math/softmax.ts';

/** The label of each frame. */
export type FrameTargets = {
  /** Those of the first sequence, then of the second …; `lengths[n]` of sequence n. */
  readonly labels: Int32Array;
  /** batch; the frames of each sequence */
  readonly lengths: Int32Array;
};

/**
 * Softmax cross-entropy (Bridle 1990) of frames whose labels are known: framewise classification (Graves &
 * Schmidhuber 2005). Its parameters and its result are those of `CtcLoss`.
 *
 * Every answer is a number: losses are ≥ 0 or +Infinity, gradients in [−1, 1], whatever finite logits come.
 * A logit of −∞ is a label of probability zero.
 */
export class FramewiseLoss {
  private readonly labels: number;
  private readonly probs: Float64Array;

  /** Throws `RangeError` unless there is at least one label. */
  constructor(labels: number) {
    if (!Number.isInteger(labels) || labels < 1) fail(`at least one label, got ${labels}`);
    this.labels = labels;
    this.probs = new Float64Array(labels);
  }

  /**
   * @param logits frames × batch × labels; `[(t * batch + n) * labels + k]`, unnormalised
   * @param lengths batch; frames of each sequence, in [0, frames]. What lies beyond is not read
   * @param gradient where to put the gradient; a new array if not given
   *
   * Throws `RangeError` when an array's size does not fit, a length or label is out of range, or a frame
   * has no softmax (a logit is NaN or +∞, or all are −∞); `gradient` is then undefined.
   */
  compute<Numbers extends Float32Array | Float64Array>(
    logits: Numbers,
    frames: number,
    batch: number,
    lengths: Int32Array,
    targets: FrameTargets,
    gradient: Numbers = new (logits.constructor as new (size: number) => Numbers)(logits.length),
  ): LossResult<Numbers> {
    this.check(logits, frames, batch, lengths, targets, gradient);
    const { labels } = this;
    const losses = new Float64Array(batch);
    const stride = batch * labels;
    let firstTarget = 0;
    for (let n = 0; n < batch; n++) {
      const length = lengths[n]!;
      let loss = 0;
      for (let t = 0; t < length; t++) {
        const from = t * stride + n * labels;
        const frameLoss = this.lossOfFrame(
          logits,
          from,
          targets.labels[firstTarget + t]!,
          gradient,
        );
        if (frameLoss === undefined) {
          fail(`logits without NaN or +∞, not all −∞, got others at frame ${t} of utterance ${n}`);
        }
        loss += frameLoss;
      }
      firstTarget += length;
      const gradientFrames = loss === Number.POSITIVE_INFINITY ? 0 : length;
      for (let t = gradientFrames; t < frames; t++) {
        const from = t * stride + n * labels;
        gradient.fill(0, from, from + labels);
      }
      losses[n] = loss;
    }
    return { losses, gradient };
  }

  /**
   * −ln p(target) = (z_max − z_target) − ln p_max, which holds where p(target) underflows, and its
   * gradient p − 1[k = target]. Undefined if there is no softmax.
   */
  private lossOfFrame(
    logits: Float32Array | Float64Array,
    from: number,
    target: number,
    gradient: Float32Array | Float64Array,
  ): number | undefined {
    const { labels, probs } = this;
    if (!softmaxRow(logits, from, labels, probs, 0)) return undefined;
    let best = 0;
    for (let k = 0; k < labels; k++) {
      gradient[from + k] = probs[k]! - (k === target ? 1 : 0);
      if (logits[from + k]! > logits[from + best]!) best = k;
    }
    // Rounding can leave the probability of a label that alone is likely a little above one.
    return logits[from + best]! - logits[from + target]! + Math.max(0, -Math.log(probs[best]!));
  }

  private check(
    logits: Float32Array | Float64Array,
    frames: number,
    batch: number,
    lengths: Int32Array,
    targets: FrameTargets,
    gradient: Float32Array | Float64Array,
  ): void {
    const { labels } = this;
    const targetLengths = targets.lengths;
    checkLossBatch({ logits, gradient, frames, batch, labels, lengths, targetLengths }, fail);
    let total = 0;
    for (const [n, length] of lengths.entries()) {
      if (targetLengths[n] !== length)
        fail(`a label for each of ${length} frames of utterance ${n}, got ${targetLengths[n]}`);
      total += length;
    }
    if (total !== targets.labels.length)
      fail(`${total} target labels, one a frame, got ${targets.labels.length}`);
    for (const label of targets.labels) {
      if (!(label >= 0 && label < labels)) fail(`target labels in [0, ${labels}), got ${label}`);
    }
  }
}

function fail(expectation: string): never {
  throw new RangeError(`[FramewiseLoss] expected ${expectation}`);
}
