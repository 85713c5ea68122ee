import { z } from 'zod';

/**
 * What makes a probability of a confidence: beta calibration (Kull, Silva Filho & Flach 2017, "Beta
 * calibration", eq. 3), 1 / (1 + e^−(intercept + low · ln p − high · ln(1 − p))). It never falls as p rises;
 * with low = high it is Platt's, and with 1, 1, 0 it leaves p as it is.
 */
export const confidenceMapSchema = z.strictObject({
  low: z.number().nonnegative(),
  high: z.number().nonnegative(),
  intercept: z.number(),
});
export type ConfidenceMap = z.infer<typeof confidenceMapSchema>;

export const identityMap: ConfidenceMap = { low: 1, high: 1, intercept: 0 };

/** Nobody is surer than this of anything: confidences that round to 0 or 1 are as far from it. */
const leastDoubt = 1e-6;

/** The three numbers that a map weighs: 1, ln p and −ln(1 − p). */
export function confidenceTerms(confidence: number): readonly [number, number, number] {
  const p = Math.min(Math.max(confidence, leastDoubt), 1 - leastDoubt);
  return [1, Math.log(p), -Math.log1p(-p)];
}

/** @param confidence in [0, 1], as is the result */
export function calibrated(confidence: number, { low, high, intercept }: ConfidenceMap): number {
  const [one, logOfIt, logOfDoubt] = confidenceTerms(confidence);
  return 1 / (1 + Math.exp(-(intercept * one + low * logOfIt + high * logOfDoubt)));
}
