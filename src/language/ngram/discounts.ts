/**
 * How discounts came about: `modified` as Chen & Goodman have it; `single` where their counts of counts give
 * none that are discounts: Y for every count (Ney, Essen & Kneser 1994); `fixed` where there are no n-grams
 * seen once, or none seen twice.
 */
export type DiscountKind = 'modified' | 'single' | 'fixed';

/** What is taken from n-grams seen once, twice, and more often. */
export type Discounts = {
  readonly kind: DiscountKind;
  readonly values: readonly [number, number, number];
};

/** As KenLM has them for such counts. */
const fixedDiscounts = [0.5, 1, 1.5] as const;

/**
 * Chen & Goodman 1999, eq. 26, where n₁ … n₄ n-grams were seen once … four times:
 *
 *     Y = n₁ / (n₁ + 2 n₂)    D₁ = 1 − 2 Y n₂/n₁    D₂ = 2 − 3 Y n₃/n₂    D₃₊ = 3 − 4 Y n₄/n₃
 *
 * A discount takes something and leaves no less than nothing: 0 < D₁ ≤ 1, 0 < D₂ ≤ 2, 0 < D₃₊ ≤ 3; where one
 * does not, all are `single` or `fixed`.
 */
export function discountsOf(countsOfCounts: readonly [number, number, number, number]): Discounts {
  const [n1, n2, n3, n4] = countsOfCounts;
  if (n1 === 0 || n2 === 0) return { kind: 'fixed', values: fixedDiscounts };
  const y = n1 / (n1 + 2 * n2);
  const values = [1 - (2 * y * n2) / n1, 2 - (3 * y * n3) / n2, 3 - (4 * y * n4) / n3] as const;
  // Where n₃ is 0, D₃₊ is NaN or −∞.
  const isFit = values.every((value, index) => value > 0 && value <= index + 1);
  return isFit ? { kind: 'modified', values } : { kind: 'single', values: [y, y, y] };
}

/** What is taken from an n-gram with this count. */
export function discountOf({ values }: Discounts, count: number): number {
  return count === 0 ? 0 : values[Math.min(count, values.length) - 1]!;
}
