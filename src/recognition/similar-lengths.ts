/** What a batch is at most. */
export type BatchLimits = {
  /** Sequences in it. */
  readonly size: number;
  /** Frames in it, padding included; one sequence that is longer is a batch of its own. */
  readonly frames: number;
};

/** How many times the frames of its sequences a batch may have, once each is padded to the longest. */
const mostPadding = 1.25;

/**
 * Parts sequences into batches of similar length, the shorter ones first, those of one length in their order.
 * A batch of one is worth it anyway, so padding is only taken on where it buys a sequence its company.
 */
export function batchesOfSimilarLength<Sequence>(
  sequences: readonly Sequence[],
  framesOf: (sequence: Sequence) => number,
  { size, frames: mostFrames }: BatchLimits,
): Sequence[][] {
  const batches: Sequence[][] = [];
  let batch: Sequence[] = [];
  let frames = 0; // of the batch, without padding
  for (const sequence of sequences.toSorted((a, b) => framesOf(a) - framesOf(b))) {
    const length = framesOf(sequence);
    const padded = (batch.length + 1) * length;
    const isFull = batch.length === size || padded > mostFrames;
    if (isFull || padded > mostPadding * (frames + length)) {
      if (batch.length > 0) batches.push(batch);
      batch = [];
      frames = 0;
    }
    batch.push(sequence);
    frames += length;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
