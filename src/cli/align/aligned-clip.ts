import type { AlignedWord, Alignment } from '../../decoding/aligner.ts';

/** A recording, or a part of one, and when each word of its text was said. */
export type AlignedClip = {
  readonly file: string;
  /** The recording's name without its ending, and with its folders where a corpus is aligned. */
  readonly recording: string;
  readonly text: string;
  readonly model: string;
  readonly method: string;
  /** Where in the recording it starts. All times are those of the recording. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly words: readonly AlignedWord[];
  /** ln score of the whole clip under its text. */
  readonly score: number;
};

/** Words whose times count from the start of a clip, in the time of its recording. */
export function wordsFrom(offsetSeconds: number, { words }: Alignment): AlignedWord[] {
  const moved = <Span extends { readonly startSeconds: number; readonly endSeconds: number }>(
    span: Span,
  ): Span => ({
    ...span,
    startSeconds: offsetSeconds + span.startSeconds,
    endSeconds: offsetSeconds + span.endSeconds,
  });
  if (offsetSeconds === 0) return [...words];
  return words.map((word) => ({
    ...moved(word),
    units: word.units.map((unit) => ({ ...moved(unit), states: unit.states.map(moved) })),
  }));
}
