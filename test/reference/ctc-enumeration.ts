/**
 * CTC by its definition (Graves et al. 2006, eqs. 2–3): every path of labels over the frames is spelt out,
 * collapsed, and counted if it reads as the target. labels^frames paths: for tiny cases only.
 */
export function enumerateCtc(
  logits: readonly (readonly number[])[],
  blank: number,
  target: readonly number[],
): { loss: number; gradient: number[][] } {
  const logProbs = logits.map((row) => {
    const largest = Math.max(...row);
    const logSum = Math.log(row.reduce((sum, x) => sum + Math.exp(x - largest), 0));
    return row.map((x) => x - largest - logSum);
  });
  const labels = logits[0]?.length ?? 0;
  const matching: { path: number[]; score: number }[] = [];
  for (const path of pathsOver(logits.length, labels)) {
    if (collapse(path, blank).join() !== target.join()) continue;
    matching.push({ path, score: path.reduce((sum, k, t) => sum + logProbs[t]![k]!, 0) });
  }
  const largest = Math.max(...matching.map(({ score }) => score));
  if (largest === -Infinity) {
    return { loss: Infinity, gradient: logits.map((row) => row.map(() => 0)) };
  }
  const total = matching.reduce((sum, { score }) => sum + Math.exp(score - largest), 0);
  const gradient = logProbs.map((row) => row.map(Math.exp));
  for (const { path, score } of matching) {
    const posterior = Math.exp(score - largest) / total;
    for (const [t, k] of path.entries()) gradient[t]![k]! -= posterior;
  }
  return { loss: -(largest + Math.log(total)), gradient };
}

/** Every sequence of `length` numbers in [0, labels). */
export function* pathsOver(length: number, labels: number): Generator<number[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (const path of pathsOver(length - 1, labels)) {
    for (let k = 0; k < labels; k++) yield [...path, k];
  }
}

/** Repeats become one label, then blanks go. */
export function collapse(path: readonly number[], blank: number): number[] {
  return path.filter((k, t) => k !== path[t - 1] && k !== blank);
}
