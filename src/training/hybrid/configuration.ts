import { z } from 'zod';
import { trainingConfigurationSchema } from '../configuration.ts';
import { hmmTrainingConfigurationSchema } from '../hmm/configuration.ts';

const own = trainingConfigurationSchema.shape;
const ofHmm = hmmTrainingConfigurationSchema.shape;

/**
 * Everything that `sori train hybrid` needs besides the configuration of the CTC model, whose network,
 * features, labels, data, augmentation and dev sets are the hybrid's too, and the model's HMM.
 */
export const hybridTrainingConfigurationSchema = z.strictObject({
  /** The configuration of `sori train ctc`, relative to this file. */
  base: z.string().min(1),
  seed: own.seed,
  /** States of each unit that words are made of: so many runs of the HMM's states, at the network's pace. */
  states: z.int().min(1).max(64),
  /** Examples over which the priors of the states and their transitions are counted. */
  countedExamples: z.int().positive().default(4000),
  schedule: own.schedule,
  steps: own.steps,
  evaluateEvery: own.evaluateEvery,
  /** For the model card: what was tried on the way to this configuration, each with its numbers. */
  tried: ofHmm.tried,
  decoding: ofHmm.decoding,
  /** Penalties that are tried on the dev sets around those of `decoding` once the network is trained. */
  tune: ofHmm.tune,
});

export type HybridTrainingConfiguration = z.infer<typeof hybridTrainingConfigurationSchema>;
