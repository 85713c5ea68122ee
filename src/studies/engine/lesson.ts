import type { Lesson } from '../../training/gradient.ts';

/** A sequence with what is to be learned of it: its labels in order, or one a frame. */
export type LabelledSequence = {
  readonly frames: number;
  /** frames × inputs; `[t * inputs + d]` */
  readonly values: Float32Array;
  readonly labels: ArrayLike<number>;
};

/** Sequences side by side, padded with zeros at their ends. */
export function lessonOf(sequences: readonly LabelledSequence[], inputs: number): Lesson {
  const batch = sequences.length;
  const frames = Math.max(...sequences.map((sequence) => sequence.frames));
  const features = new Float32Array(frames * batch * inputs); // [(t * batch + n) * inputs + d]
  sequences.forEach(({ values, frames: length }, n) => {
    for (let t = 0; t < length; t++) {
      features.set(values.subarray(t * inputs, (t + 1) * inputs), (t * batch + n) * inputs);
    }
  });
  return {
    frames,
    batch,
    features,
    lengths: Int32Array.from(sequences, (sequence) => sequence.frames),
    targets: {
      labels: Int32Array.from(sequences.flatMap(({ labels }) => Array.from(labels))),
      lengths: Int32Array.from(sequences, ({ labels }) => labels.length),
    },
  };
}
