/** ln(eᵃ + eᵇ). −∞ stands for a probability of zero. */
export function logAdd(a: number, b: number): number {
  const larger = Math.max(a, b);
  const difference = Math.abs(a - b);
  // Beyond 746 eˣ is zero; and two of −∞ have no difference.
  return difference < 746 ? larger + Math.log1p(Math.exp(-difference)) : larger;
}

/**
 * Log-softmax of one row in place: `row[from + k] −= ln Σ e^row[from + k]`. −∞ stays −∞. The row must
 * hold no NaN and no +∞, and something besides −∞.
 */
export function logSoftmaxRow(row: Float64Array, from: number, count: number): void {
  let largest = row[from]!;
  for (let k = 1; k < count; k++) largest = Math.max(largest, row[from + k]!);
  let sum = 0;
  for (let k = 0; k < count; k++) sum += Math.exp(row[from + k]! - largest);
  const logSum = Math.log(sum);
  for (let k = 0; k < count; k++) row[from + k] = row[from + k]! - largest - logSum;
}
