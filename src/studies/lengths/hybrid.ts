import type { EmissionMatrix } from '../../decoding/emission-matrix.ts';
import type { HmmDefinition } from '../../hmm/definition.ts';
import { hmmDefinitionOf } from '../../training/hmm/hmm-definition.ts';
import { Learner } from '../../training/hmm/learner.ts';
import type { HmmParameters } from '../../training/hmm/units.ts';
import { groupStates } from '../../training/hybrid/state-groups.ts';
import { targetStatistics } from '../../training/hybrid/target-statistics.ts';
import { type DigitString, digitLabels } from '../digits/digit-strings.ts';
import { decoding } from './hmm-reader.ts';
import { wordStates } from './train-hmm.ts';

/** What a hybrid's network is to learn, and how its outputs are read, from a trained HMM. */
export type HybridTargets = {
  /** How many labels the network has: states of digits, and one for pauses. */
  readonly labels: number;
  /** The label of each frame of each string, by forced alignment; none where the HMM finds no way. */
  readonly frames: readonly Int32Array[];
  /** labels */
  readonly logPriors: Float64Array;
  /** Whose states are the labels. */
  readonly definition: HmmDefinition;
};

/** The targets as `sori train hybrid` makes them: the HMM's best path through what is said in each string. */
export function hybridTargets(
  parameters: HmmParameters,
  strings: readonly DigitString[],
): HybridTargets {
  const ofHmm = hmmDefinitionOf(parameters, decoding);
  const groups = groupStates(ofHmm, wordStates);
  const labelOfColumn = new Int32Array(ofHmm.emissions);
  for (const [unit, { emissions }] of Object.entries(ofHmm.units)) {
    for (const [state, column] of emissions.entries()) {
      labelOfColumn[column] = groups.labelsOfUnit.get(unit)![state]!;
    }
  }
  const learner = new Learner(parameters);
  const frames = strings.map(({ features, labels }) => {
    const words = Array.from(labels, (label) => digitLabels[label]!);
    return learner.bestColumns(words, features).map((column) => labelOfColumn[column]!);
  });
  const { logPriors, units } = targetStatistics(frames, groups);
  const definition = { ...ofHmm, emissions: groups.labels, units };
  return { labels: groups.labels, frames, logPriors, definition };
}

/** ln p(state | frame) − ln p(state): up to a constant of the frame, ln p(frame | state). */
export function scaledLikelihoods(
  { frames, units, logProbs }: EmissionMatrix,
  logPriors: Float64Array,
): EmissionMatrix {
  const scaled = logProbs.map((logProb, index) => logProb - logPriors[index % units]!);
  return { frames, units, logProbs: scaled };
}
