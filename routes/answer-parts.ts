import type { DecoderName } from '../src/decoding/decoder.ts';
import type { Hypothesis, HypothesisWord } from '../src/decoding/hypothesis.ts';
import type { StageTimes } from '../src/recognition/staged-run.ts';

/** What each decoder's confidences are, by name; its own documentation defines them. */
export const confidenceMethods: Readonly<Record<DecoderName, { text: string; word: string }>> = {
  ctc_greedy: { text: 'labelling_probability', word: 'peak_posterior' },
  hmm: { text: 'lattice_posterior', word: 'lattice_posterior' },
};

/**
 * To three digits behind the point: milliseconds of a recording, microseconds of a stage. Rounding keeps
 * the order of times, and their place inside the recording.
 */
export function toThousandths(value: number): number {
  return Math.round(1000 * value) / 1000;
}

/** Milliseconds of each stage that ran. */
export function stageTimings(milliseconds: StageTimes): Record<string, number> {
  return Object.fromEntries(
    Object.entries(milliseconds).map(([stage, took]) => [`${stage}_ms`, toThousandths(took)]),
  );
}

/** The same behind those in the queue. */
export function timingsOf(
  queuedMilliseconds: number,
  milliseconds: StageTimes,
): Record<string, number> {
  return { queue_ms: toThousandths(queuedMilliseconds), ...stageTimings(milliseconds) };
}

/** When something was heard. */
export function spanAnswer(span: { readonly startSeconds: number; readonly endSeconds: number }) {
  return { start: toThousandths(span.startSeconds), end: toThousandths(span.endSeconds) };
}

export function wordAnswer({ word, confidence, ...span }: HypothesisWord) {
  return { word, ...spanAnswer(span), confidence };
}

/** A hypothesis among others of the same decoder. */
export function hypothesisAnswer(hypothesis: Hypothesis, options: { readonly words: boolean }) {
  const { text, confidence, score, scoreParts, words } = hypothesis;
  return {
    text,
    confidence,
    score,
    score_parts: scoreParts,
    ...(options.words && { words: words.map(wordAnswer) }),
  };
}
