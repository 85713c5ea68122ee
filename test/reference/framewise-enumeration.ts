import { pathsOver } from './ctc-enumeration.ts';

/**
 * Framewise cross-entropy by its definition as a distribution over whole paths: −ln of the target's share
 * in Σ e^(sum of a path's logits) over every path of labels, and as gradient the expected visits of a label
 * less those of the target. labels^frames paths: for tiny cases only.
 */
export function enumerateFramewise(
  logits: readonly (readonly number[])[],
  target: readonly number[],
): { loss: number; gradient: number[][] } {
  const labels = logits[0]?.length ?? 0;
  const scoreOf = (path: readonly number[]) => path.reduce((sum, k, t) => sum + logits[t]![k]!, 0);
  const paths = [...pathsOver(logits.length, labels)];
  const largest = Math.max(...paths.map(scoreOf));
  const shares = paths.map((path) => Math.exp(scoreOf(path) - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const loss = Math.log(total) + largest - scoreOf(target);
  if (loss === Infinity) return { loss, gradient: logits.map((row) => row.map(() => 0)) };
  const gradient = logits.map((row, t) => row.map((_, k) => (k === target[t] ? -1 : 0)));
  paths.forEach((path, index) => {
    for (const [t, k] of path.entries()) gradient[t]![k]! += shares[index]! / total;
  });
  return { loss, gradient };
}
