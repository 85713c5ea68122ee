/** One word of a hypothesis. Times are seconds from the start of the recording. */
export type HypothesisWord = {
  readonly word: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** In [0, 1]. */
  readonly confidence: number;
};

/** One reading of a recording. */
export type Hypothesis = {
  readonly text: string;
  readonly words: readonly HypothesisWord[];
  /** In [0, 1]; 1 for an empty text that nothing speaks against. */
  readonly confidence: number;
  /** Natural log of the score that ranks hypotheses of one decoder; higher is better. */
  readonly score: number;
  /** What the score is the sum of, by name: `acoustic`, `transitions`, `words` … */
  readonly scoreParts: Readonly<Record<string, number>>;
};

/** Seconds of a recording in which a hypothesis has no word. */
export function secondsWithoutWords({ words }: Hypothesis, durationSeconds: number): number {
  const spoken = words.reduce((sum, word) => sum + word.endSeconds - word.startSeconds, 0);
  return Math.max(0, durationSeconds - spoken);
}
