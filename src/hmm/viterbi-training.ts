import type { EmissionScores } from './emission-scores.ts';
import type { EmissionModel } from './emissions/emission-model.ts';
import type { Posteriors } from './forward-backward.ts';
import type { MarkovChain } from './markov-chain.ts';
import { reestimate, type TrainingStep } from './reestimation.ts';
import { viterbi } from './viterbi.ts';

/**
 * One step of Viterbi training (segmental k-means, Juang & Rabiner 1990): as Baum-Welch, but each sequence
 * is taken to have gone its best path. A model whose best paths are at least as likely; the log-likelihood
 * reported is theirs. Impossible sequences are passed over.
 */
export function viterbiTrainingStep<Sequence, Scores extends EmissionScores, Model>(
  chain: MarkovChain,
  emissions: EmissionModel<Sequence, Scores, Model>,
  sequences: Iterable<Sequence>,
): TrainingStep<Model> {
  return reestimate(chain, emissions, sequences, explainByBestPath);
}

/** The best path as if it were certain. */
function explainByBestPath(chain: MarkovChain, scores: EmissionScores): Posteriors {
  const { logProb, states: path } = viterbi(chain, scores);
  const states = new Float64Array(scores.frames * chain.states);
  const arcs = new Float64Array(chain.arcTarget.length);
  for (const [t, state] of path.entries()) {
    states[t * chain.states + state] = 1;
    if (t + 1 < path.length) arcs[arcBetween(chain, state, path[t + 1]!)]!++;
  }
  return { logLikelihood: logProb, states, arcs };
}

function arcBetween(chain: MarkovChain, from: number, to: number): number {
  return chain.arcTarget.subarray(0, chain.arcStart[from + 1]!).indexOf(to, chain.arcStart[from]!);
}
