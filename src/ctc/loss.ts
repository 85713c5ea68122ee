import { logSoftmaxRow } from '../math/log-space.ts';
import { softmaxRow } from '../math/softmax.ts';
import { LogSpaceForwardBackward } from './log-space.ts';
import { checkLossBatch, type LossResult } from './loss-batch.ts';
import { RescaledForwardBackward } from './rescaled.ts';
import { CtcTarget, type GradientPlace } from './target.ts';

export type CtcTargets = {
  /** All targets, one after another; no blanks. */
  readonly labels: Int32Array;
  /** batch; how many labels each target has, which may be none. */
  readonly lengths: Int32Array;
};

/**
 * The CTC loss of a batch and its gradient by the logits, softmax included (Graves, Fernández, Gomez &
 * Schmidhuber 2006, "Connectionist Temporal Classification", eqs. 5–16).
 *
 * Every answer is a number: losses are ≥ 0 or +Infinity, gradients in [−1, 1], whatever finite logits
 * come and however long the utterance is. A logit of −∞ is a label of probability zero.
 *
 * An object keeps its working arrays between calls: one (frames + 1) × (2 × target length + 1) matrix of
 * doubles, as large as the largest utterance so far wanted.
 */
export class CtcLoss {
  private readonly labels: number;
  private readonly blank: number;
  private readonly target = new CtcTarget();
  private readonly rescaled: RescaledForwardBackward;
  private readonly logSpace: LogSpaceForwardBackward;
  /** frames × labels of one utterance: probabilities or log-probabilities. */
  private scores = new Float64Array(0);

  /** Throws `RangeError` unless `blank` is one of `labels` ≥ 1 labels. */
  constructor(shape: { labels: number; blank: number }) {
    const { labels, blank } = shape;
    if (!Number.isInteger(labels) || labels < 1) fail(`at least one label, got ${labels}`);
    if (!isIndex(blank, labels)) fail(`a blank in [0, ${labels}), got ${blank}`);
    this.labels = labels;
    this.blank = blank;
    this.rescaled = new RescaledForwardBackward(shape);
    this.logSpace = new LogSpaceForwardBackward(shape);
  }

  /**
   * @param logits frames × batch × labels; `[(t * batch + n) * labels + k]`, unnormalised
   * @param lengths batch; frames of each utterance, in [0, frames]. What lies beyond is not read
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
    targets: CtcTargets,
    gradient: Numbers = new (logits.constructor as new (size: number) => Numbers)(logits.length),
  ): LossResult<Numbers> {
    this.check(logits, frames, batch, lengths, targets, gradient);
    const { target, labels } = this;
    const losses = new Float64Array(batch);
    const stride = batch * labels;
    let firstLabel = 0;
    for (let n = 0; n < batch; n++) {
      const length = lengths[n]!;
      target.assign(targets.labels, firstLabel, targets.lengths[n]!);
      firstLabel += target.length;
      const place = { array: gradient, from: n * labels, stride };
      const loss = this.lossOfUtterance(logits, length, place);
      const gradientFrames = loss === Number.POSITIVE_INFINITY ? 0 : length;
      for (let t = gradientFrames; t < frames; t++) {
        gradient.fill(0, place.from + t * stride, place.from + t * stride + labels);
      }
      // Rounding can leave a likelihood of one a little above it.
      losses[n] = Math.max(0, loss);
    }
    return { losses, gradient };
  }

  private lossOfUtterance(
    logits: Float32Array | Float64Array,
    length: number,
    place: GradientPlace,
  ): number {
    const { labels, target } = this;
    const { from, stride } = place;
    if (this.scores.length < length * labels) this.scores = new Float64Array(length * labels);
    const { scores } = this;
    for (let t = 0; t < length; t++) {
      if (softmaxRow(logits, from + t * stride, labels, scores, t * labels)) continue;
      const utterance = from / labels;
      fail(
        `logits without NaN or +∞, not all −∞, got others at frame ${t} of utterance ${utterance}`,
      );
    }
    if (length < target.fewestFrames) return Number.POSITIVE_INFINITY;
    const loss = this.rescaled.run(scores, length, target, place);
    if (loss !== undefined) return loss;
    for (let t = 0; t < length; t++) {
      for (let k = 0; k < labels; k++) scores[t * labels + k] = logits[from + t * stride + k]!;
      logSoftmaxRow(scores, t * labels, labels);
    }
    return this.logSpace.run(scores, length, target, place);
  }

  private check(
    logits: Float32Array | Float64Array,
    frames: number,
    batch: number,
    lengths: Int32Array,
    targets: CtcTargets,
    gradient: Float32Array | Float64Array,
  ): void {
    const { labels, blank } = this;
    const targetLengths = targets.lengths;
    checkLossBatch({ logits, gradient, frames, batch, labels, lengths, targetLengths }, fail);
    let total = 0;
    for (const length of targetLengths) {
      if (length < 0) fail(`target lengths of at least 0, got ${length}`);
      total += length;
    }
    if (total !== targets.labels.length) {
      fail(`${total} target labels, the sum of their lengths, got ${targets.labels.length}`);
    }
    for (const label of targets.labels) {
      if (!isIndex(label, labels) || label === blank) {
        fail(`target labels in [0, ${labels}) other than the blank ${blank}, got ${label}`);
      }
    }
  }
}

function isIndex(value: number, count: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < count;
}

function fail(expectation: string): never {
  throw new RangeError(`[CtcLoss] expected ${expectation}`);
}
