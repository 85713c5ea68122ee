/** P(|Σ ±dᵢ| ≥ |Σ dᵢ|) over every choice of signs, tried one by one. Exponential. */
export function bruteForceSignFlipP(differences: readonly number[]): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const observed = Math.abs(sum(differences));
  const ways = 2 ** differences.length;
  let extreme = 0;
  for (let way = 0; way < ways; way++) {
    const flipped = differences.map((difference, i) => (way & (1 << i) ? -difference : difference));
    if (Math.abs(sum(flipped)) >= observed) extreme++;
  }
  return extreme / ways;
}
