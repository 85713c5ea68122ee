import type { MatchedPairs } from '../../evaluation/matched-pairs.ts';

/** A difference with its sign, or 0. */
export function signed(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return value > 0 ? '+∞' : '−∞';
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** A p with what it is from, where that is not the normal distribution. */
export function pText({ p, method }: MatchedPairs): string {
  const value = p < 0.0001 ? '< 0.0001' : p.toFixed(4);
  return method === 'exact' ? `${value} exact` : value;
}
