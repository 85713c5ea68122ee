/** One target as the recursions want it. It keeps its arrays between utterances. */
export class CtcTarget {
  length = 0;
  labels = new Int32Array(0);
  /**
   * skips[i] is 1 if a path may go from label i − 1 to label i with no blank between them, which it may
   * unless they are the same; 0 before the first label and after the last.
   */
  skips = new Float64Array(1);
  /** The fewest frames that the target fits in: one a label, and a blank between equal neighbours. */
  fewestFrames = 0;

  /** Takes `length` labels from `from` on. */
  assign(labels: Int32Array, from: number, length: number): void {
    if (this.labels.length < length) {
      this.labels = new Int32Array(length);
      this.skips = new Float64Array(length + 1);
    }
    this.length = length;
    this.fewestFrames = length;
    for (let i = 0; i < length; i++) {
      const label = labels[from + i]!;
      const isRepeat = i > 0 && this.labels[i - 1] === label;
      this.labels[i] = label;
      this.skips[i] = i === 0 || isRepeat ? 0 : 1;
      if (isRepeat) this.fewestFrames++;
    }
    this.skips[length] = 0;
  }
}

/** Where the gradient of one utterance goes: frame t, label k at `array[from + t * stride + k]`. */
export type GradientPlace = {
  readonly array: Float32Array | Float64Array;
  readonly from: number;
  readonly stride: number;
};
