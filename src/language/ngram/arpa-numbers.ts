const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/**
 * The natural logarithm, rounded to 24 bits, of what is written as a logarithm to base 10; undefined where
 * that is no finite number and not `-inf`.
 */
export function naturalLog(text: string): number | undefined {
  if (text === '-inf') return -Infinity;
  if (!decimal.test(text)) return undefined;
  const value = Math.fround(Number(text) * Math.LN10);
  return Number.isFinite(value) ? value : undefined;
}

/** Digits that tell any two numbers of 24 bits apart. */
const mostDigits = 9;

/** The shortest text of six digits or more that `naturalLog` reads as this number. */
export function decimalLog(natural: number): string {
  if (natural === -Infinity) return '-inf';
  for (let digits = 6; digits < mostDigits; digits++) {
    const text = String(Number((natural / Math.LN10).toPrecision(digits)));
    if (naturalLog(text) === natural) return text;
  }
  return String(Number((natural / Math.LN10).toPrecision(mostDigits)));
}
