import { z } from 'zod';

const offsetsSchema = z.strictObject({
  /** Seconds from the middle of a label to the start of the word that begins with it. */
  start: z.number().max(0),
  /** Seconds from the middle of a label to the end of the word that ends with it, if a pause follows. */
  end: z.number().min(0),
});
export type LabelOffsets = z.infer<typeof offsetsSchema>;

/**
 * How far a word reaches beyond the labels that CTC marks it with. A network is free to say a label anywhere
 * in its sound or after it, and says it in a frame or two; but it has habits, which can be measured.
 */
export const labelTimesSchema = z.strictObject({
  /** By label. */
  labels: z.record(z.string().min(1), offsetsSchema),
  /** For labels that have none of their own. */
  others: offsetsSchema,
});
export type LabelTimes = z.infer<typeof labelTimesSchema>;

/** What is said of a network whose habits nobody has measured: half of a short word, or of a short sound. */
export const unmeasuredReachSeconds = { words: 0.15, characters: 0.05 } as const;

/** The labels of one word in time, in seconds. */
export type MarkedWord = {
  /** The middle of its first label and of its last. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  readonly startOffset: number;
  readonly endOffset: number;
  /** Bounds that it does not cross: other speech, the edges of the recording. */
  readonly earliestSeconds: number;
  readonly latestSeconds: number;
};

export type WordSpan = { readonly startSeconds: number; readonly endSeconds: number };

/**
 * When words were said, by their labels: from the first label's middle to the last one's and as far beyond as
 * these labels are known to reach. Where two words would overlap, they meet: at the start of the later one if
 * offsets were measured, since starts are surer than ends (which were measured before pauses, and come
 * earlier where speech goes on); else half-way.
 *
 * Spans are in the order of the words, do not overlap, and hold the middles of their labels.
 * @param words in order of time: no label's middle before that of an earlier word's
 */
export function wordSpans(words: readonly MarkedWord[], areMeasured: boolean): WordSpan[] {
  const starts = words.map((word, index) => {
    const before = words[index - 1]?.lastSeconds ?? 0;
    const start = Math.max(before, word.earliestSeconds, word.firstSeconds + word.startOffset);
    return Math.min(word.firstSeconds, start);
  });
  const ends = words.map((word, index) => {
    const after = words[index + 1]?.firstSeconds ?? Infinity;
    const end = Math.min(after, word.latestSeconds, word.lastSeconds + word.endOffset);
    return Math.max(word.lastSeconds, end);
  });
  for (let index = 1; index < words.length; index++) {
    const [end, start] = [ends[index - 1]!, starts[index]!];
    if (end <= start) continue;
    const meeting = areMeasured ? start : (end + start) / 2;
    ends[index - 1] = meeting;
    starts[index] = meeting;
  }
  return starts.map((startSeconds, index) => ({ startSeconds, endSeconds: ends[index]! }));
}
