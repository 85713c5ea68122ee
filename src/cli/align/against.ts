import type { AlignedWord, AlignerName } from '../../decoding/aligner.ts';
import { type SpanDifferences, spanDifferences } from '../../evaluation/time-differences.ts';
import { alignColumns } from '../table.ts';
import type { AlignedClips } from './clips.ts';

/** How far two methods lie apart on the clips that both could align. */
export type MethodComparison = SpanDifferences & {
  readonly method: AlignerName;
  readonly against: AlignerName;
  readonly clips: number;
};

/** The words of the clips that both methods could align, each with its twin. */
export function pairedWords(one: AlignedClips, other: AlignedClips) {
  const twins = new Map(other.aligned.map((clip) => [clipKey(clip), clip]));
  return one.aligned.flatMap((clip) => {
    const twin = twins.get(clipKey(clip));
    const pairs = clip.words.map((word, index) => [word, twin?.words[index]] as const);
    return twin === undefined ? [] : [pairs as readonly (readonly [AlignedWord, AlignedWord])[]];
  });
}

function clipKey({ file, startSeconds }: { file: string; startSeconds: number }): string {
  return `${startSeconds} ${file}`;
}

export function compareMethods(one: AlignedClips, other: AlignedClips): MethodComparison {
  const clips = pairedWords(one, other);
  const { method } = one;
  return { method, against: other.method, clips: clips.length, ...spanDifferences(clips.flat()) };
}

/** The comparison for people: milliseconds. */
export function comparisonText({
  method,
  against,
  clips,
  words,
  start,
  end,
}: MethodComparison): string {
  const row = (name: string, of: SpanDifferences['start']) => [
    name,
    ...[of.mean, of.median, of.ninetieth, of.largest].map((seconds) => (1000 * seconds).toFixed(0)),
  ];
  const table = alignColumns([
    [`${method} against ${against}, ms`, 'mean', 'median', '9 in 10', 'most'],
    row('starts', start),
    row('ends', end),
  ]);
  return [...table, `${words} words of ${clips} clips`].join('\n');
}
