import { z } from 'zod';

/**
 * What makes a probability of a confidence p: beta calibration (Kull, Silva Filho & Flach 2017, "Beta
 * calibration", eq. 3) with a term for the seconds of a recording in which a text has no word, beyond the first,
 *
 *     1 / (1 + e^−(intercept + low · ln p − high · ln(1 − p) − wordless · ln max(1, seconds)))
 *
 * It never falls as p rises, nor rises with those seconds: where nothing was heard a word may be missing. With
 * low = high it is Platt's, and with 1, 1, 0, 0 it leaves p as it is. For single words there are no such seconds.
 */
export const confidenceMapSchema = z.strictObject({
  intercept: z.number(),
  low: z.number().nonnegative(),
  high: z.number().nonnegative(),
  wordless: z.number().nonnegative(),
});
export type ConfidenceMap = z.infer<typeof confidenceMapSchema>;

export const identityMap: ConfidenceMap = { intercept: 0, low: 1, high: 1, wordless: 0 };

/** Nobody is surer than this of anything: confidences that round to 0 or 1 are as far from it. */
const leastDoubt = 1e-6;

/** More seconds count as so many: maps are learnt from utterances, and say nothing of hours of silence. */
const mostSeconds = 20;

/** What a map's numbers weigh, in the order of its fields. */
export type ConfidenceTerms = readonly [number, number, number, number];

export function confidenceTerms(confidence: number, seconds: number): ConfidenceTerms {
  const p = Math.min(Math.max(confidence, leastDoubt), 1 - leastDoubt);
  const counted = Math.min(Math.max(seconds, 1), mostSeconds);
  return [1, Math.log(p), -Math.log1p(-p), -Math.log(counted)];
}

/**
 * @param confidence in [0, 1], as is the result
 * @param seconds of the recording without a word, where the confidence is of all of it
 */
export function calibrated(confidence: number, map: ConfidenceMap, seconds = 0): number {
  const terms = confidenceTerms(confidence, seconds);
  const { intercept, low, high, wordless } = map;
  const logit = intercept * terms[0] + low * terms[1] + high * terms[2] + wordless * terms[3];
  return 1 / (1 + Math.exp(-logit));
}
