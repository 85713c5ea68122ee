import { z } from 'zod';
import { featureRecipeSchema } from '../../features/recipe.ts';
import { hmmDefinitionSchema } from '../../hmm/definition.ts';
import { augmentationSchema } from '../augmentation/config.ts';
import { dataSchema } from '../data/config.ts';

const count = z.int().positive();
const share = z.number().min(0).max(1);

/** Gaussians a state, by what the state's unit stands for. */
const componentsSchema = z.strictObject({
  word: count.max(512),
  silence: count.max(512),
  noise: count.max(512).default(1),
  filler: count.max(512).default(1),
});

/**
 * A part of the training. `align` finds each utterance's best path and holds to it, `baum-welch` weighs
 * all of them; either is done `iterations` times after the states have been split to `components`.
 */
const stageSchema = z.strictObject({
  method: z.enum(['align', 'baum-welch']),
  /** At most. */
  iterations: count.max(1000),
  /** Gain in nats a frame below which an iteration is the stage's last; by default all are done. */
  tolerance: z.number().optional(),
  components: componentsSchema,
  /**
   * Learn the transform anew before the stage from the alignments of the model so far, and go back to
   * one Gaussian a state in the new space.
   */
  learnTransform: z.boolean().default(false),
});
export type HmmStage = z.infer<typeof stageSchema>;

/**
 * Everything that `sori train hmm` needs besides the configuration of the CTC model beside it, whose
 * name, alphabet, data, dev sets and corpora are the HMM's too.
 */
export const hmmTrainingConfigurationSchema = z.strictObject({
  /** The configuration of `sori train ctc`, relative to this file. */
  base: z.string().min(1),
  seed: z.int().min(0).default(1),
  /**
   * Normalisation `none` is replaced by figures measured on what training reads: `global` ones or, with
   * `adaptation`, `adapted` ones.
   */
  features: featureRecipeSchema,
  adaptation: z.strictObject({ priorFrames: z.number().positive() }).optional(),
  /**
   * Linear discriminant analysis (Haeb-Umbach & Ney 1992) of frames with `context` neighbours on either
   * side, down to `dims`. Stages say when it is learnt; before that, features are read as they are.
   */
  transform: z.strictObject({ context: z.int().min(0).max(20), dims: count }).optional(),
  /** Examples drawn from the sources; all iterations read the same. */
  examples: count,
  /** In place of the base's: a Gaussian mixture has less room for variety than a network. */
  augmentation: augmentationSchema.optional(),
  sources: dataSchema.shape.sources.optional(),
  /**
   * The pronunciations of every word, each a sequence of units, phones say. Left out, each word is a unit of
   * its own.
   */
  lexicon: z.record(z.string(), z.array(z.array(z.string().min(1)).min(1)).min(1)).optional(),
  units: z.strictObject({
    /** What words are made of: themselves, or the units of the lexicon. */
    word: z.strictObject({
      /** Emitting states of a unit, one after the other. */
      states: count.max(200),
      /** Units that are longer or shorter than most. */
      statesOf: z.record(z.string(), count.max(200)).default({}),
      /** Whether a state may be skipped. */
      skip: z.boolean().default(true),
    }),
    silence: z.strictObject({ states: count.max(64) }),
    /** Sounds between words that are not silent. */
    noise: z.strictObject({ states: count.max(64) }).optional(),
    /** Speech outside the vocabulary; needed where the labels have a filler. */
    filler: z.strictObject({ states: count.max(256) }).optional(),
  }),
  stages: z.array(stageSchema).min(1),
  /** Least variance of a component, as a share of the variance of all frames. */
  varianceFloor: share.default(0.01),
  /** Frames that a component needs to be kept. */
  minOccupancy: z.number().min(0).default(10),
  /** States further below the best of their frame, in nats, take no part in Baum-Welch. */
  beam: z.number().positive().default(400),
  /** Threads, each with its share of the examples; the order of the sums is part of the result. */
  shards: count.max(64).default(1),
  /** For the model card: what was tried on the way to this configuration, each with its numbers. */
  tried: z.array(z.string().min(1)).default([]),
  decoding: hmmDefinitionSchema.shape.decoding.omit({ grammar: true }),
  /** Penalties that are tried on the dev sets around those of `decoding` once the model is trained. */
  tune: z
    .strictObject({
      wordPenalty: z.array(z.number()).min(1),
      fillerPenalty: z.array(z.number()).min(1),
      fillerFramePenalty: z.array(z.number()).min(1).default([0]),
      noisePenalty: z.array(z.number()).min(1),
      switchPenalty: z.array(z.number()).min(1).default([0]),
    })
    .optional(),
});

export type HmmTrainingConfiguration = z.infer<typeof hmmTrainingConfigurationSchema>;
