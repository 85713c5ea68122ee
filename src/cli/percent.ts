/** A rate in percent with two digits behind the point; ∞ where there were errors and no words. */
export function percent(rate: number): string {
  return Number.isFinite(rate) ? `${(100 * rate).toFixed(2)} %` : '∞';
}
