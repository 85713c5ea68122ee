import { z } from 'zod';
import { alphabetSchema } from '../alphabet/definition.ts';
import { featureRecipeSchema } from '../features/recipe.ts';
import { modelNameSchema } from '../recognition/model-manifest.ts';
import { augmentationSchema } from './augmentation/config.ts';
import { clipFilterSchema, dataSchema } from './data/config.ts';

const share = z.number().min(0).max(1);
const steps = z.int().positive();

const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('adam'),
    meanDecay: share.default(0.9),
    squareDecay: share.default(0.999),
    epsilon: z.number().positive().default(1e-8),
    weightDecay: z.number().min(0).default(0),
  }),
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: share.default(0.9),
    weightDecay: z.number().min(0).default(0),
  }),
]);

/** A dev set: recordings that choose the model and tell when to stop, and that no step learns from. */
const devSetSchema = z.strictObject({
  ...clipFilterSchema.shape,
  name: z.string().min(1),
  /** What the set's score counts for in choosing the best weights; 0 only to report it. */
  weight: z.number().min(0).default(1),
  /**
   * `wordErrors`: word error rate. `falseWords`: words a minute of sound that nobody said, for speech
   * outside the vocabulary.
   */
  score: z.enum(['wordErrors', 'falseWords']).default('wordErrors'),
  /** For the model card: the rate to reach, it or less (0.01 is one percent; words a minute). */
  goal: z.number().min(0).optional(),
});

/** Everything that decides what `sori train ctc` makes: the same file and seed give the same model. */
export const trainingConfigurationSchema = z.strictObject({
  name: modelNameSchema,
  language: z.string(),
  description: z.string(),
  seed: z.int().min(0).default(1),
  architecture: z.strictObject({
    cell: z.enum(['lstm', 'rnn']).default('lstm'),
    bidirectional: z.boolean().default(true),
    layers: z.int().min(1).max(8).default(2),
    hidden: z.int().min(1).max(2048).default(128),
  }),
  /** Normalisation `none` is replaced by `global` figures measured on what training reads. */
  features: featureRecipeSchema,
  /** Examples over which those figures are measured. */
  normalisationExamples: z.int().positive().default(2000),
  alphabet: alphabetSchema,
  data: dataSchema,
  augmentation: augmentationSchema.prefault({}),
  dropout: z.strictObject({ input: share.default(0), hidden: share.default(0) }).prefault({}),
  /** Standard deviation of the noise on the weights while a gradient is taken. */
  weightNoise: z.number().min(0).default(0),
  optimizer: optimizerSchema.prefault({ kind: 'adam' }),
  schedule: z
    .strictObject({
      learningRate: z.number().positive().default(1e-3),
      warmupSteps: z.int().min(0).default(200),
      decay: z.enum(['constant', 'cosine', 'exponential']).default('cosine'),
      finalShare: share.default(0.01),
    })
    .prefault({}),
  /**
   * Parts of a batch whose gradients are taken side by side, a core each. Part of the configuration
   * because the order of the sums decides the last bits of the weights.
   */
  shards: z.int().min(1).max(64).default(1),
  clipNorm: z.number().positive().default(5),
  /** Decay of the running mean of the weights that is evaluated and exported; 0 for the weights alone. */
  averagingDecay: z.number().min(0).max(0.99999).default(0),
  /**
   * How much of the weights that a run begins with (`--start-from`) is in those that are evaluated and
   * exported; the rest is what it learnt (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
   */
  startShare: share.default(0),
  steps,
  /** Steps between evaluations on the dev sets; checkpoints are written at the same steps. */
  evaluateEvery: steps.default(500),
  /** Evaluations without a better score after which training ends; absent, it runs all its steps. */
  patience: steps.optional(),
  devSets: z.array(devSetSchema).min(1),
  /** For the model card: what the corpora are and under which licence. */
  corpora: z.array(
    z.strictObject({
      corpus: z.string(),
      licence: z.string(),
      /** Manifests of the sources that belong to it. */
      manifests: z.array(z.string()).min(1),
    }),
  ),
});

export type TrainingConfiguration = z.infer<typeof trainingConfigurationSchema>;
export type DevSetConfig = TrainingConfiguration['devSets'][number];
