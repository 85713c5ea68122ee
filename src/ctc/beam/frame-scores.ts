import { logAdd } from '../../math/log-space.ts';
import { nthLargest } from '../../math/selection.ts';

const { NEGATIVE_INFINITY } = Number;

/** Which labels there are, and which of them leave no trace. */
export type LabelSet = {
  readonly labels: number;
  /** The blank, and any label that is not to be told from it. */
  readonly silent: readonly number[];
  /**
   * A label that stands for a stretch of speech, however much of it there is: from where it is said until
   * another label is, blanks and more of it change nothing.
   */
  readonly filler?: number | undefined;
};

/** One frame's log-probabilities as the search wants them: silent labels as one, pruned ones impossible. */
export class FrameScores {
  /** ln of the probability that nothing is said. */
  silence = NEGATIVE_INFINITY;
  /** −1 where there is none. */
  readonly filler: number;
  /** labels; ln probability, −∞ of silent and pruned ones */
  readonly logProbs: Float64Array;
  private readonly silent: readonly number[];
  private readonly labelsPerFrame: number;
  private readonly scratch: Float64Array;

  constructor({ labels, silent, filler = -1 }: LabelSet, labelsPerFrame: number) {
    this.filler = filler;
    this.logProbs = new Float64Array(labels);
    this.silent = silent;
    this.labelsPerFrame = labelsPerFrame;
    this.scratch = new Float64Array(labels);
  }

  /** Takes the frame whose first label is at `from`. */
  read(emissions: Float32Array | Float64Array, from: number): void {
    const { logProbs, silent } = this;
    for (let k = 0; k < logProbs.length; k++) logProbs[k] = emissions[from + k]!;
    let silence = NEGATIVE_INFINITY;
    for (const label of silent) {
      silence = logAdd(silence, logProbs[label]!);
      logProbs[label] = NEGATIVE_INFINITY;
    }
    this.silence = silence;
    if (this.labelsPerFrame < logProbs.length - silent.length + 1) this.prune();
  }

  /** Leaves the `labelsPerFrame` best, silence one of them: it and lower indices first among equals. */
  private prune(): void {
    const { logProbs, scratch, silence } = this;
    scratch.set(logProbs);
    scratch[this.silent[0]!] = silence;
    const least = nthLargest(scratch, logProbs.length, this.labelsPerFrame);
    let equals = this.labelsPerFrame - (silence > least ? 1 : 0);
    for (let k = 0; k < logProbs.length; k++) if (logProbs[k]! > least) equals--;
    if (silence < least) this.silence = NEGATIVE_INFINITY;
    else if (silence === least) equals--;
    for (let k = 0; k < logProbs.length; k++) {
      if (logProbs[k]! > least || (logProbs[k] === least && equals-- > 0)) continue;
      logProbs[k] = NEGATIVE_INFINITY;
    }
  }
}
