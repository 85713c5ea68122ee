import { bestPath } from '../../src/ctc/best-path.ts';
import { CtcLoss } from '../../src/ctc/loss.ts';

/** Labels of the small world, the blank first. */
export const labels = ['–', 'a', 'b'] as const;
export const blank = 0;

/** frames × labels; positive weights, which each frame divides by their sum. */
export type Grid = readonly (readonly number[])[];

export type Reading = {
  readonly text: string;
  readonly probability: number;
  /** Every path that collapses to the text, as labels one after another. */
  readonly paths: readonly string[];
};

/** frames × labels, one row after another; each frame's probabilities. */
export function probabilitiesOf(grid: Grid): Float64Array {
  return Float64Array.from(
    grid.flatMap((weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    }),
  );
}

/** What the likeliest label of each frame collapses to, and how probable that one path is. */
export function greedyReading(probs: Float64Array): { text: string; probability: number } {
  const path = bestPath(emissionsOf(probs.map(Math.log)), blank);
  return { text: spelt(path.labels), probability: Math.exp(path.logProb) };
}

/** All texts with all their paths, the most probable first: every path is walked, collapsed and added. */
export function readingsOf(probs: Float64Array): Reading[] {
  const frames = probs.length / labels.length;
  const found = new Map<string, { probability: number; paths: string[] }>();
  for (let number = 0; number < labels.length ** frames; number++) {
    const path = Array.from(
      { length: frames },
      (_, t) => Math.floor(number / labels.length ** t) % labels.length,
    );
    const only = new Float64Array(probs.length).fill(Number.NEGATIVE_INFINITY);
    for (const [t, k] of path.entries()) only[t * labels.length + k] = 0;
    const text = spelt(bestPath(emissionsOf(only), blank).labels);
    const reading = found.get(text) ?? { probability: 0, paths: [] };
    reading.probability += path.reduce((all, k, t) => all * probs[t * labels.length + k]!, 1);
    reading.paths.push(path.map((k) => labels[k]).join(''));
    found.set(text, reading);
  }
  return Array.from(found, ([text, reading]) => ({ text, ...reading })).sort(
    (a, b) => b.probability - a.probability,
  );
}

/** −ln p(text), and its gradient by the logits: frames × labels. */
export function lossOf(
  probs: Float64Array,
  text: string,
): { loss: number; gradient: Float64Array } {
  const target = Int32Array.from(text, (letter) => labels.indexOf(letter as 'a' | 'b'));
  const frames = probs.length / labels.length;
  const { losses, gradient } = new CtcLoss({ labels: labels.length, blank }).compute(
    probs.map(Math.log),
    frames,
    1,
    Int32Array.of(frames),
    { labels: target, lengths: Int32Array.of(target.length) },
  );
  return { loss: losses[0]!, gradient };
}

function emissionsOf(logProbs: Float64Array) {
  const frames = logProbs.length / labels.length;
  return { frames, units: labels.length, logProbs: Float32Array.from(logProbs) };
}

function spelt(path: Int32Array): string {
  return Array.from(path, (label) => labels[label]).join('');
}
