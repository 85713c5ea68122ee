import { CtcLoss } from '../../ctc/loss.ts';
import { logSoftmaxRow } from '../../math/log-space.ts';
import { alphabet, type PatternSequence } from './pattern-task.ts';

const labels = alphabet + 1;
const blank = 0;

/** The soft alignment of a sequence to its labels, by forward-backward, and what the network alone says. */
export type SoftAlignment = {
  readonly frames: number;
  /** −ln p(labels), in nats */
  readonly loss: number;
  /** frames × labels; `[t * labels + k]`: the probability that a path spelling the labels is at k in frame t */
  readonly occupancies: Float64Array;
  /** frames × labels, softmax of the logits */
  readonly probs: Float64Array;
};

/**
 * Occupancies from the loss's gradient by the logits, which is probability minus occupancy (Graves et al. 2006,
 * eq. 16): what the engine trains towards is the soft alignment itself.
 */
export function softAlignment(logits: Float64Array, sequence: PatternSequence): SoftAlignment {
  const { frames } = sequence;
  const { losses, gradient } = new CtcLoss({ labels, blank }).compute(
    logits,
    frames,
    1,
    Int32Array.of(frames),
    {
      labels: Int32Array.from(sequence.labels),
      lengths: Int32Array.of(sequence.labels.length),
    },
  );
  const logProbs = logits.slice();
  for (let t = 0; t < frames; t++) logSoftmaxRow(logProbs, t * labels, labels);
  const probs = logProbs.map(Math.exp);
  const occupancies = probs.map((prob, index) => prob - gradient[index]!);
  return { frames, loss: losses[0]!, occupancies, probs };
}

/** How a soft alignment is spread out. */
export type Shape = {
  /** Frames that a path spends in a label, on average over labels. */
  readonly framesALabel: number;
  /** e^entropy of where a label's frames are: over so many frames it is spread. */
  readonly width: number;
  /** The largest occupancy of a label, on average over labels. */
  readonly peak: number;
  /** The share of all frames that goes to the blank. */
  readonly blankShare: number;
  /** The share of labels whose likeliest frame is inside the pattern's own. */
  readonly inPlace: number;
};

/** @throws RangeError when a label stands twice in the sequence: their occupancies could not be told apart */
export function shapeOf({ occupancies, frames }: SoftAlignment, sequence: PatternSequence): Shape {
  if (new Set(sequence.labels).size < sequence.labels.length) {
    throw new RangeError(`[shapeOf] expected labels that differ, got ${sequence.labels.join()}`);
  }
  const curve = (k: number) =>
    Float64Array.from({ length: frames }, (_, t) => Math.max(0, occupancies[t * labels + k]!));
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const perLabel = sequence.labels.map((label, index) => {
    const occupancy = curve(label);
    const total = sum(occupancy);
    const entropy = -sum(
      occupancy.map((value) => (value > 0 ? (value / total) * Math.log(value / total) : 0)),
    );
    const peak = Math.max(...occupancy);
    const { first, end } = sequence.segments[index]!;
    const likeliest = occupancy.indexOf(peak);
    return {
      total,
      width: Math.exp(entropy),
      peak,
      inPlace: likeliest >= first && likeliest < end,
    };
  });
  const meanOf = (measure: (label: (typeof perLabel)[number]) => number) =>
    perLabel.reduce((total, label) => total + measure(label), 0) / perLabel.length;
  return {
    framesALabel: meanOf(({ total }) => total),
    width: meanOf(({ width }) => width),
    peak: meanOf(({ peak }) => peak),
    blankShare: sum(curve(blank)) / frames,
    inPlace: meanOf(({ inPlace }) => (inPlace ? 1 : 0)),
  };
}
