import type { EmissionScores } from './emission-scores.ts';
import type { EmissionModel } from './emissions/emission-model.ts';
import { forwardBackward } from './forward-backward.ts';
import type { MarkovChain } from './markov-chain.ts';
import { reestimate, type TrainingStep } from './reestimation.ts';

/**
 * One step of Baum-Welch training, the third problem of hidden Markov models (Rabiner 1989, section III.C):
 * a model under which the sequences are at least as likely as under the one that goes in. Impossible
 * sequences are passed over.
 */
export function baumWelchStep<Sequence, Scores extends EmissionScores, Model>(
  chain: MarkovChain,
  emissions: EmissionModel<Sequence, Scores, Model>,
  sequences: Iterable<Sequence>,
): TrainingStep<Model> {
  return reestimate(chain, emissions, sequences, forwardBackward);
}
