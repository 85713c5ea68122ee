/** Below this the series for erf converges fast, from it on the continued fraction for erfc does. */
const fractionFrom = 2.25;
/** Enough for the last bit at `fractionFrom`, where the fraction is slowest. */
const fractionTerms = 100;

/**
 * 1 − erf(x), to some 1e−13 of its value until it underflows beyond 26.
 * For small |x| the series erf(x) = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!! (Abramowitz & Stegun 7.1.6),
 * whose terms all have one sign; then the continued fraction
 * erfc(x) = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + 2/(x + …))))) (7.1.14), from the inside out.
 */
export function erfc(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('[erfc] expected a number, got NaN');
  if (x < 0) return 2 - erfc(-x);
  if (x < fractionFrom) return 1 - erfSeries(x);
  if (x === Infinity) return 0;
  let fraction = x;
  for (let n = fractionTerms; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Number.EPSILON * sum * 0.1; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** P(|Z| ≥ |z|): the two-sided p of a standard normal statistic. */
export function normalTwoSidedP(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}
