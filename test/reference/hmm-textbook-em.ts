import type { MarkovChain } from '../../src/hmm/markov-chain.ts';
import { enumerateHmm } from './hmm-enumeration.ts';

/** A Gaussian mixture of one state, as a textbook writes it. */
export type PlainMixture = { weight: number; mean: number[]; variance: number[] }[];

/** ln N(x; mean, diag variance) */
export function logGaussian(x: readonly number[], mean: number[], variance: number[]): number {
  return x.reduce(
    (sum, value, d) =>
      sum -
      0.5 * Math.log(2 * Math.PI * variance[d]!) -
      (value - mean[d]!) ** 2 / (2 * variance[d]!),
    0,
  );
}

/** p(x | mixture), for values near enough that it does not underflow */
export function mixtureDensity(x: readonly number[], mixture: PlainMixture): number {
  return mixture.reduce(
    (sum, { weight, mean, variance }) => sum + weight * Math.exp(logGaussian(x, mean, variance)),
    0,
  );
}

/**
 * One step of EM by its definition (Rabiner 1989, eqs. 40a–40b and 52–54): posteriors from every path
 * spelt out, sums over all frames, states and components, covariances about the new means. No floors, and
 * sequences may end anywhere.
 *
 * @param mixtures one a column
 * @param sequences each frames × dims
 */
export function textbookStep(
  chain: MarkovChain,
  mixtures: readonly PlainMixture[],
  sequences: readonly (readonly (readonly number[])[])[],
) {
  const explained = sequences.map((sequence) => {
    const logProbs = sequence.map((x) =>
      mixtures.map((mixture) => Math.log(mixtureDensity(x, mixture))),
    );
    return enumerateHmm(chain, logProbs);
  });
  const initial = Array.from(
    { length: chain.states },
    (_, s) => explained.reduce((sum, { states }) => sum + states[0]![s]!, 0) / sequences.length,
  );
  const taken = Array.from(chain.arcTarget, (_, arc) =>
    explained.reduce((sum, { arcs }) => sum + arcs[arc]!, 0),
  );
  const source = (arc: number) => chain.arcStart.findIndex((start) => start > arc) - 1;
  const arcs = taken.map((count, arc) => {
    const left = taken.reduce(
      (sum, other, k) => (source(k) === source(arc) ? sum + other : sum),
      0,
    );
    return count / left;
  });

  // made(s, m): each frame, with the probability that component m of column s made it
  const made = (column: number, m: number) =>
    sequences.flatMap((sequence, n) =>
      sequence.map((x, t) => {
        const { weight, mean, variance } = mixtures[column]![m]!;
        const share =
          (weight * Math.exp(logGaussian(x, mean, variance))) /
          mixtureDensity(x, mixtures[column]!);
        const posterior = explained[n]!.states[t]!.reduce(
          (sum, p, s) => (chain.emission[s] === column ? sum + p : sum),
          0,
        );
        return { x, probability: posterior * share };
      }),
    );
  const total = (frames: { probability: number }[]) =>
    frames.reduce((sum, { probability }) => sum + probability, 0);
  const updated = mixtures.map((mixture, column) => {
    const all = mixture.map((_, m) => made(column, m));
    const inState = all.reduce((sum, frames) => sum + total(frames), 0);
    return all.map((frames) => {
      const average = (of: (x: readonly number[]) => number) =>
        frames.reduce((sum, { x, probability }) => sum + probability * of(x), 0) / total(frames);
      const mean = mixture[0]!.mean.map((_, d) => average((x) => x[d]!));
      const variance = mean.map((centre, d) => average((x) => (x[d]! - centre) ** 2));
      return { weight: total(frames) / inState, mean, variance };
    });
  });
  return {
    logLikelihood: explained.reduce((sum, { logLikelihood }) => sum + logLikelihood, 0),
    initial,
    arcs,
    mixtures: updated,
  };
}
