/** What one training step reads. Sequences are padded with zeros at their ends. */
export type TrainingBatch = {
  readonly step: number;
  /** Frames of the longest sequence. */
  readonly frames: number;
  /** Sequences. */
  readonly batch: number;
  readonly dims: number;
  /** frames × batch × dims, time-major; `[(t * batch + n) * dims + d]` */
  readonly features: Float32Array;
  /** Frames of each sequence, in [1, frames]. */
  readonly lengths: Int32Array;
  /** Label sequences one behind the other; sequence n has `lengths[n]` of them, none for silence. */
  readonly targets: { readonly labels: Int32Array; readonly lengths: Int32Array };
  /** Seconds of sound in the batch, before padding. */
  readonly audioSeconds: number;
};

/** One sequence of a batch. */
export type Example = {
  readonly frames: number;
  /** frames × dims; `[t * dims + d]` */
  readonly features: Float32Array;
  /** In the order in which they are said or, for framewise training, one a frame. */
  readonly labels: Int32Array;
  readonly audioSeconds: number;
};

/** Whether examples have the labels of what is said, or one a frame. */
export type LabelKind = 'sequence' | 'frames';

/** Frames that CTC needs to emit the labels: one each, and a blank between two that are equal. */
export function framesNeeded(labels: Int32Array): number {
  let repeats = 0;
  for (let index = 1; index < labels.length; index++) {
    if (labels[index] === labels[index - 1]) repeats++;
  }
  return labels.length + repeats;
}

/**
 * Puts sequences side by side.
 * @throws RangeError for no examples, or one whose target does not fit in its frames.
 */
export function collate(
  step: number,
  dims: number,
  examples: readonly Example[],
  kind: LabelKind = 'sequence',
): TrainingBatch {
  const batch = examples.length;
  if (batch === 0) throw new RangeError('[collate] expected at least one example, got none');
  const frames = Math.max(...examples.map((example) => example.frames));
  const features = new Float32Array(frames * batch * dims);
  const labels = new Int32Array(examples.reduce((sum, example) => sum + example.labels.length, 0));
  let labelsFilled = 0;
  for (const [n, example] of examples.entries()) {
    const needed =
      kind === 'frames' ? example.labels.length : Math.max(1, framesNeeded(example.labels));
    if (example.frames < needed) {
      throw new RangeError(
        `[collate] expected at least ${needed} frames for the target of sequence ${n}, got ${example.frames}`,
      );
    }
    for (let t = 0; t < example.frames; t++) {
      features.set(example.features.subarray(t * dims, (t + 1) * dims), (t * batch + n) * dims);
    }
    labels.set(example.labels, labelsFilled);
    labelsFilled += example.labels.length;
  }
  return {
    step,
    frames,
    batch,
    dims,
    features,
    lengths: Int32Array.from(examples, (example) => example.frames),
    targets: { labels, lengths: Int32Array.from(examples, (example) => example.labels.length) },
    audioSeconds: examples.reduce((sum, example) => sum + example.audioSeconds, 0),
  };
}
