import type { EmissionScores } from '../emission-scores.ts';

/** What the states of a hidden Markov model emit, as training sees it: any kind of emission is one. */
export interface EmissionModel<Sequence, Scores extends EmissionScores, Model> {
  /** ln b_s(x_t) of every frame of a sequence under every state. */
  score(sequence: Sequence): Scores;
  /** Begins a pass over the training data. */
  learner(): EmissionLearner<Sequence, Scores, Model>;
}

/** The E- and M-step of one pass. */
export interface EmissionLearner<Sequence, Scores extends EmissionScores, Model> {
  /**
   * Counts a sequence.
   *
   * @param scores what the model gave for it
   * @param posteriors frames × units; `[t * units + k]`: how likely each state emitted the frame
   */
  learn(sequence: Sequence, scores: Scores, posteriors: Float64Array): void;
  /** The emissions under which what was counted is most likely. */
  finish(): Model;
}
