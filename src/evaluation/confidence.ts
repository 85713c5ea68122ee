import { normaliseText } from '../alphabet/definition.ts';
import type { HypothesisWord } from '../decoding/hypothesis.ts';
import { alignTokens } from './edit-distance.ts';
import { wordsOf } from './word-error-rate.ts';

/** A recognised word, and whether it was said. */
export type JudgedWord = { readonly confidence: number; readonly right: boolean };

/** Bins of equal width over [0, 1]. */
export const confidenceBins = 20;

/** How far confidences tell right words from wrong ones, and mean what they say. */
export type ConfidenceReport = {
  /** Words that were said, by confidence; bin i holds [i, i + 1) / `confidenceBins`, the last one 1 too. */
  readonly right: readonly number[];
  /** Words that were not: substitutions and insertions. */
  readonly wrong: readonly number[];
  /**
   * Expected calibration error, Σ nᵢ / n · |share of right words in bin i − mean confidence in bin i|
   * (Guo et al. 2017, "On calibration of modern neural networks", equation 3); 0 without words.
   */
  readonly calibrationError: number;
};

/** Holds each word of a hypothesis against the reference. */
export function judgeWords(reference: string, words: readonly HypothesisWord[]): JudgedWord[] {
  const recognised = words.map(({ word }) => normaliseText(word));
  const right = alignTokens(wordsOf(reference), recognised)
    .pairs.filter(({ kind }) => kind !== 'deletion')
    .map(({ kind }) => kind === 'hit');
  return words.map(({ confidence }, index) => ({ confidence, right: right[index]! }));
}

export function confidenceReport(words: readonly JudgedWord[]): ConfidenceReport {
  const right = new Array<number>(confidenceBins).fill(0);
  const wrong = new Array<number>(confidenceBins).fill(0);
  const sums = new Array<number>(confidenceBins).fill(0);
  for (const { confidence, right: isRight } of words) {
    const bin = Math.min(confidenceBins - 1, Math.floor(confidence * confidenceBins));
    (isRight ? right : wrong)[bin]!++;
    sums[bin]! += confidence;
  }
  const gaps = sums.map((sum, bin) => Math.abs(right[bin]! - sum));
  const calibrationError =
    words.length === 0 ? 0 : gaps.reduce((total, gap) => total + gap, 0) / words.length;
  return { right, wrong, calibrationError };
}
