export type Spread = {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
};

/** Throws `RangeError` on an empty list. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('[spreadOf] expected at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  return { median, lowest: sorted[0]!, highest: sorted.at(-1)! };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export type Point = readonly [x: number, y: number];

/** The slope of the straight line with the least squared distance in y. */
export function slope(points: readonly Point[]): number {
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** The exponent e of y ∝ xᵉ, by the slope of the logarithms. */
export function powerOf(points: readonly Point[]): number {
  return slope(points.map(([x, y]) => [Math.log(x), Math.log(y)] as const));
}

/** The factor f of y ∝ fˣ, by the slope of ln y over x. */
export function factorPerStep(points: readonly Point[]): number {
  return Math.exp(slope(points.map(([x, y]) => [x, Math.log(y)] as const)));
}

/** 0.0431 as 4.3 %. */
export function percentOf(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
