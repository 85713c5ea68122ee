import { ChainStatistics } from './chain-statistics.ts';
import type { EmissionScores } from './emission-scores.ts';
import type { EmissionModel } from './emissions/emission-model.ts';
import { columnPosteriors, type Posteriors } from './forward-backward.ts';
import type { MarkovChain } from './markov-chain.ts';

/** A hidden Markov model after a pass over training data, and how well the one before explained them. */
export type TrainingStep<Model> = {
  readonly chain: MarkovChain;
  readonly emissions: Model;
  /** Sum over the sequences that are possible, under the model that went in. */
  readonly logLikelihood: number;
  /** Frames of these sequences. */
  readonly frames: number;
  /** Sequences that no path explains: nothing was learnt from them. */
  readonly impossible: number;
};

/**
 * One pass of expectation-maximisation: `explain` says where each sequence was in the chain, chain and
 * emissions count it, and are estimated anew. States that share a column of the scores count together.
 */
export function reestimate<Sequence, Scores extends EmissionScores, Model>(
  chain: MarkovChain,
  emissions: EmissionModel<Sequence, Scores, Model>,
  sequences: Iterable<Sequence>,
  explain: (chain: MarkovChain, scores: EmissionScores) => Posteriors,
): TrainingStep<Model> {
  const statistics = new ChainStatistics(chain);
  const learner = emissions.learner();
  let logLikelihood = 0;
  let frames = 0;
  let impossible = 0;
  for (const sequence of sequences) {
    const scores = emissions.score(sequence);
    const posteriors = explain(chain, scores);
    if (posteriors.logLikelihood === Number.NEGATIVE_INFINITY) {
      impossible++;
      continue;
    }
    logLikelihood += posteriors.logLikelihood;
    frames += scores.frames;
    statistics.add(posteriors);
    learner.learn(sequence, scores, columnPosteriors(chain, posteriors, scores.units));
  }
  return {
    chain: statistics.estimate(),
    emissions: learner.finish(),
    logLikelihood,
    frames,
    impossible,
  };
}
