import { expOfFall } from './exponential.ts';

/**
 * Softmax of one row: `probs[to + k] = e^logits[from + k] / Σ e^logits`, with a relative error below
 * 1e-12. A logit of −∞, or one that lies 709.1 or more below the largest, has probability zero.
 *
 * Returns false, and leaves the row undefined, if there is no such distribution: a logit is NaN or +∞,
 * or all are −∞.
 */
export function softmaxRow(
  logits: Float32Array | Float64Array,
  from: number,
  count: number,
  probs: Float64Array,
  to: number,
): boolean {
  let largest = logits[from]!;
  for (let k = 1; k < count; k++) {
    const logit = logits[from + k]!;
    if (logit > largest) largest = logit;
  }
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const power = expOfFall(largest - logits[from + k]!);
    probs[to + k] = power;
    sum += power;
  }
  if (!(sum >= 1)) return false;
  const scale = 1 / sum;
  for (let k = 0; k < count; k++) probs[to + k]! *= scale;
  return true;
}
