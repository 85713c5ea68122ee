import type { HypothesisWord } from '../../src/decoding/hypothesis.ts';

/** Words that are shown together. */
export type Segment = {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  readonly words: readonly HypothesisWord[];
};

/** A silence this long between two words ends a segment. */
const pauseSeconds = 1;
/** No segment is longer, as subtitles go. */
const longestSeconds = 7;

/** Parts the words of a hypothesis at its pauses; no words, no segments. */
export function segmentsOf(words: readonly HypothesisWord[]): Segment[] {
  const groups: HypothesisWord[][] = [];
  for (const word of words) {
    const group = groups.at(-1);
    const continues =
      group !== undefined &&
      word.startSeconds - group.at(-1)!.endSeconds < pauseSeconds &&
      word.endSeconds - group[0]!.startSeconds <= longestSeconds;
    if (continues) group.push(word);
    else groups.push([word]);
  }
  return groups.map((group) => ({
    startSeconds: group[0]!.startSeconds,
    endSeconds: group.at(-1)!.endSeconds,
    text: group.map(({ word }) => word).join(' '),
    words: group,
  }));
}
