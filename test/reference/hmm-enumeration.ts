import type { MarkovChain } from '../../src/hmm/markov-chain.ts';
import { pathsOver } from './ctc-enumeration.ts';

/**
 * The three problems of hidden Markov models by their definitions: every path of states is spelt out.
 * states^frames paths: for tiny cases only.
 *
 * @param logProbs frames × columns
 */
export function enumerateHmm(chain: MarkovChain, logProbs: readonly (readonly number[])[]) {
  const frames = logProbs.length;
  const { states } = chain;
  const arcOf = new Map<string, number>();
  for (let i = 0; i < states; i++) {
    for (let arc = chain.arcStart[i]!; arc < chain.arcStart[i + 1]!; arc++) {
      arcOf.set(`${i} ${chain.arcTarget[arc]}`, arc);
    }
  }
  /** those that can be */
  const paths: { states: number[]; arcs: number[]; score: number }[] = [];
  for (const path of frames === 0 ? [] : pathsOver(frames, states)) {
    const arcs = path.slice(1).map((to, t) => arcOf.get(`${path[t]} ${to}`));
    if (!arcs.every((arc) => arc !== undefined)) continue;
    const score =
      chain.logInitial[path[0]!]! +
      arcs.reduce((sum, arc) => sum + chain.arcLogProb[arc]!, 0) +
      path.reduce((sum, s, t) => sum + logProbs[t]![chain.emission[s]!]!, 0) +
      chain.logFinal[path.at(-1)!]!;
    if (score > -Infinity) paths.push({ states: path, arcs, score });
  }
  const posteriors = logProbs.map(() => new Array<number>(states).fill(0));
  const arcCounts = new Array<number>(chain.arcTarget.length).fill(0);
  if (paths.length === 0) {
    return {
      logLikelihood: -Infinity,
      paths,
      best: undefined,
      states: posteriors,
      arcs: arcCounts,
    };
  }
  const best = paths.reduce((a, b) => (b.score > a.score ? b : a));
  const total = paths.reduce((sum, { score }) => sum + Math.exp(score - best.score), 0);
  for (const { states: path, arcs, score } of paths) {
    const posterior = Math.exp(score - best.score) / total;
    for (const [t, s] of path.entries()) posteriors[t]![s]! += posterior;
    for (const arc of arcs) arcCounts[arc]! += posterior;
  }
  return {
    logLikelihood: best.score + Math.log(total),
    paths,
    best: { logProb: best.score, states: best.states },
    states: posteriors,
    arcs: arcCounts,
  };
}
