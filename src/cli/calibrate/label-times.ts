import { Alphabet } from '../../alphabet/alphabet.ts';
import type { AlphabetDefinition } from '../../alphabet/definition.ts';
import type { LabelOffsets, LabelTimes } from '../../ctc/label-times.ts';
import type { AlignedWord } from '../../decoding/aligner.ts';
import { quantile } from '../../evaluation/time-differences.ts';

/** A word's labels as CTC marks it, and the word as the HMM hears it. */
export type TimedWord = {
  readonly word: string;
  /** Seconds from the middle of its first label to its start. */
  readonly start: number;
  /** Seconds from the middle of its last label to its end; undefined where speech goes on. */
  readonly end: number | undefined;
};

/** Words that the HMM is less sure of teach nothing. */
const leastConfidence = 0.5;
/** From how long a pause on an end is an end. */
const shortestPauseSeconds = 0.02;
/** A label of fewer words has no offset of its own. */
const fewestWords = 5;

/**
 * What a clip teaches of when labels are said.
 * @param pairs each word by CTC, from the middle of its first label to the middle of its last, and by the HMM
 */
export function timedWords(pairs: readonly (readonly [AlignedWord, AlignedWord])[]): TimedWord[] {
  return pairs.flatMap(([marked, heard], index) => {
    if (heard.confidence < leastConfidence) return [];
    const following = pairs[index + 1]?.[1].startSeconds ?? Infinity;
    const isPause = following - heard.endSeconds >= shortestPauseSeconds;
    return [
      {
        word: heard.word,
        start: heard.startSeconds - marked.startSeconds,
        end: isPause ? heard.endSeconds - marked.endSeconds : undefined,
      },
    ];
  });
}

/**
 * The median offsets of the labels that words begin and end with; of all labels together for those of few
 * words. Undefined where there are too few words for even that.
 */
export function learnLabelTimes(
  words: readonly TimedWord[],
  definition: AlphabetDefinition,
): LabelTimes | undefined {
  const alphabet = new Alphabet(definition);
  const edge = (word: string, place: 0 | -1) => alphabet.labels[alphabet.encode(word).at(place)!]!;
  const starts = words.map(({ word, start }) => ({ label: edge(word, 0), seconds: start }));
  const ends = words.flatMap(({ word, end }) =>
    end === undefined ? [] : [{ label: edge(word, -1), seconds: end }],
  );
  if (Math.min(starts.length, ends.length) < fewestWords) return undefined;
  const medianOf = (offsets: readonly Offset[]) => quantile(offsets.map(secondsOf), 0.5);
  const others: LabelOffsets = { start: before(medianOf(starts)), end: after(medianOf(ends)) };
  const labels: Record<string, LabelOffsets> = {};
  for (const label of new Set([...starts, ...ends].map(labelOf))) {
    const own = [starts, ends].map((all) => all.filter((offset) => offset.label === label));
    const [start, end] = own.map((all) => (all.length < fewestWords ? undefined : medianOf(all)));
    labels[label] = {
      start: start === undefined ? others.start : before(start),
      end: end === undefined ? others.end : after(end),
    };
  }
  return { labels, others };
}

type Offset = { readonly label: string; readonly seconds: number };
const labelOf = ({ label }: Offset) => label;
const secondsOf = ({ seconds }: Offset) => seconds;

/** To the millisecond, which is more than anyone can hear; a word holds the middles of its labels. */
const before = (seconds: number) => Math.min(0, Math.round(1000 * seconds) / 1000);
const after = (seconds: number) => Math.max(0, Math.round(1000 * seconds) / 1000);
