/** exp is tabulated at multiples of ln 2 / 64 and a polynomial bridges the rest (Tang 1989). */
const stepsPerDoubling = 64;
const stepsPerUnit = stepsPerDoubling / Math.LN2;
/** ln 2 / 64 in two parts; the first has so few bits that its multiples are exact (Cody & Waite). */
const highLn2 = 0.6931467056274414;
const stepHigh = highLn2 / stepsPerDoubling;
const stepLow = (Math.LN2 - highLn2 + 2.3190468138462996e-17) / stepsPerDoubling;
/** Adding and subtracting it rounds a number of up to 51 bits to the nearest integer. */
const roundingShift = 1.5 * 2 ** 52;
/** eˣ of anything less is taken for zero: the result would leave the normal doubles. */
const lowestExponent = -708;

/** 2^(j / 64) */
const fractionalPowers = Float64Array.from({ length: stepsPerDoubling }, (_, j) => 2 ** (j / 64));
/** 2^−e */
const wholePowers = Float64Array.from({ length: 1024 }, (_, e) => 2 ** -e);

/**
 * Softmax of one row: `probs[to + k] = e^logits[from + k] / Σ e^logits`, accurate to a few units in
 * the last place. A logit of −∞, or one that lies 708 or more below the largest, has probability zero.
 * With exp written out it is several times as fast as calling `Math.exp`.
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
    const x = logits[from + k]! - largest;
    let power = 0;
    if (!(x < lowestExponent)) {
      const steps = x * stepsPerUnit + roundingShift - roundingShift;
      const r = x - steps * stepHigh - steps * stepLow;
      const tail = r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120)))));
      const base = fractionalPowers[steps & 63]! * wholePowers[-(steps >> 6)]!;
      power = base + base * tail;
    }
    probs[to + k] = power;
    sum += power;
  }
  if (!(sum >= 1)) return false;
  const scale = 1 / sum;
  for (let k = 0; k < count; k++) probs[to + k]! *= scale;
  return true;
}
