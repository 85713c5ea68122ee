import type { FrameTimes } from './frame-times.ts';

/** A label for each frame of many clips, one clip behind the other in memory that threads share. */
export type PackedFrameLabels = {
  /** Of the frames that are labelled, at the clips' sample rate. */
  readonly times: FrameTimes;
  readonly labels: Uint16Array<SharedArrayBuffer>;
  /** clips + 1 numbers: those of clip i are `labels[offsets[i]]` up to `labels[offsets[i + 1]]`. */
  readonly offsets: Float64Array;
};

/** Those of one clip; frame 0 begins at its first sample. */
export type ClipFrameLabels = { readonly times: FrameTimes; readonly labels: Uint16Array };

/** Puts clips' labels into shared memory. */
export function packFrameLabels(
  times: FrameTimes,
  clips: readonly Uint16Array[],
): PackedFrameLabels {
  const offsets = new Float64Array(clips.length + 1);
  for (const [index, clip] of clips.entries()) offsets[index + 1] = offsets[index]! + clip.length;
  const labels = new Uint16Array(
    new SharedArrayBuffer(offsets[clips.length]! * Uint16Array.BYTES_PER_ELEMENT),
  );
  for (const [index, clip] of clips.entries()) labels.set(clip, offsets[index]!);
  return { times, labels, offsets };
}

export function frameLabelsOf(
  { times, labels, offsets }: PackedFrameLabels,
  clip: number,
): ClipFrameLabels {
  return { times, labels: labels.subarray(offsets[clip]!, offsets[clip + 1]!) };
}
