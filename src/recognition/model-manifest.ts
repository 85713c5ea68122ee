import { z } from 'zod';
import { alphabetSchema } from '../alphabet/definition.ts';
import { featureRecipeSchema } from '../features/recipe.ts';
import { finiteGrammarSchema } from '../language/finite-grammar.ts';
import { calibrationSchema } from './calibration-section.ts';

/** A model's name is its folder's name and what a request says in `model`. */
export const modelNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected lower-case letters, digits, ".", "_" and "-"');

/** A file beside model.json: a bare name, so that no manifest can point out of its folder. */
const fileNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'expected the bare name of a file in the folder');

const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits');

const count = z.int().nonnegative();
const amount = z.number().nonnegative();

/** The recurrent network behind ctc.onnx. Descriptive: the graph itself is what runs. */
export const architectureSchema = z.strictObject({
  cell: z.enum(['lstm', 'rnn']),
  bidirectional: z.boolean(),
  layers: z.int().positive(),
  hidden: z.int().positive(),
});

const measurement = {
  /** The set's name, as the training configuration has it. */
  set: z.string().min(1),
  clips: count,
  minutes: amount,
  /** The rate that was aimed at: it or less. */
  goal: amount.optional(),
  /** Whether the set's score counted in choosing among the weights of the training run. */
  choseWeights: z.boolean(),
  decoder: z.string().min(1),
  date: z.iso.date(),
  /** What measures it anew. */
  command: z.string().min(1),
};

/** One measured error rate and the conditions it was measured under. */
export const errorRateSchema = z.discriminatedUnion('score', [
  z.strictObject({
    score: z.literal('wordErrors'),
    ...measurement,
    words: count,
    /** Errors / words: 0.01 is one percent. Above 1 where insertions outnumber the words. */
    wordErrorRate: amount,
    substitutions: count,
    deletions: count,
    insertions: count,
    /** Clips with an error / clips. */
    sentenceErrorRate: amount.max(1),
  }),
  z.strictObject({
    score: z.literal('falseWords'),
    ...measurement,
    /** Vocabulary words that were recognised and that nobody said. */
    falseWords: count,
    falseWordsPerMinute: amount,
  }),
]);

/** How a training run went and what makes it anew. */
const trainingRun = {
  seed: z.int(),
  /** Of the run, on the machine. */
  hours: amount,
  machine: z.string().min(1),
  date: z.iso.date(),
  command: z.string().min(1),
};

/** What a reader must know of a model before trusting it. */
export const modelCardSchema = z.strictObject({
  summary: z.string().min(1),
  trainedOn: z.array(
    z.strictObject({
      corpus: z.string().min(1),
      licence: z.string().min(1),
      clips: count,
      hours: amount,
      speakers: count,
    }),
  ),
  training: z.strictObject({ steps: count, ...trainingRun }),
  errorRates: z.array(errorRateSchema),
  /** Limits and whatever else a reader should know, a sentence or a few each; people write them. */
  notes: z.array(z.string().min(1)).optional(),
});

const fileSchema = z.strictObject({ file: fileNameSchema, sha256: sha256Schema });

/** What the words of a text are worth to a beam search, beside what was heard. */
const languageSchema = z.strictObject({
  /** An n-gram model: ARPA, plain or gzipped, or an image of `sori lm`. */
  ...fileSchema.shape,
  /** What its ln probabilities are multiplied by; 1 by default. */
  weight: z.number().nonnegative().optional(),
});

/** What the beam search of the model adds to what was heard, and the n-gram model said; ln weights, 0 by default. */
const beamSchema = z.strictObject({
  /** Of each word, whichever it is. */
  wordScore: z.number().optional(),
  /** Of each change between words of the vocabulary and other speech, which the filler stands for. */
  changeScore: z.number().nonpositive().optional(),
});

/** What there is to know of the HMM beside what the model's card says; its error rates stand there. */
export const hmmCardSchema = z.strictObject({
  training: z.strictObject({
    iterations: count,
    /** Gaussians, all states together. */
    components: count,
    /** Recordings, or parts of some, and how long they are in all. */
    examples: count,
    hoursOfAudio: amount,
    ...trainingRun,
  }),
  /** What was tried on the way, each with its numbers. */
  tried: z.array(z.string().min(1)),
});

/** The model's hidden Markov model: another acoustic model of the same words, with features of its own. */
export const hmmSectionSchema = z.strictObject({
  /** Frames → ln likelihood of every emitting state. */
  graph: fileSchema,
  /** See `hmmDefinitionSchema`. */
  definition: fileSchema,
  features: featureRecipeSchema,
  card: hmmCardSchema.optional(),
});

/** What there is to know of the hybrid beside what the model's card says; its error rates stand there. */
export const hybridCardSchema = z.strictObject({
  training: z.strictObject({ steps: count, ...trainingRun }),
  /** What was tried on the way, each with its numbers. */
  tried: z.array(z.string().min(1)),
});

/**
 * A recurrent network that scores the states of an HMM, which decodes as the other one does. It reads the
 * features that the CTC model reads.
 */
export const hybridSectionSchema = z.strictObject({
  /** Frames → ln p(state | frames) / p(state) of every emitting state. */
  graph: fileSchema,
  architecture: architectureSchema,
  /** See `hmmDefinitionSchema`. */
  definition: fileSchema,
  card: hybridCardSchema.optional(),
});

const grammarNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected lower-case letters, digits, "_" and "-"');

/** What may be said, under a name that requests can give as their `grammar`. */
const namedGrammarSchema = z.strictObject({
  description: z.string().min(1),
  grammar: finiteGrammarSchema,
});

/**
 * `model.json`: everything that serving a model needs, so that nothing is guessed. Unknown keys are
 * refused, because a misspelt one would otherwise be a setting silently dropped.
 */
export const modelManifestSchema = z.strictObject({
  format: z.literal(1),
  name: modelNameSchema,
  /** ISO 639-1 code, as OpenAI's `language` field. */
  language: z.string().regex(/^[a-z]{2,3}$/, 'expected an ISO 639 code such as "en"'),
  description: z.string().min(1),
  features: featureRecipeSchema,
  alphabet: alphabetSchema,
  ctc: z.strictObject({
    ...fileSchema.shape,
    architecture: architectureSchema,
    language: languageSchema.optional(),
    beam: beamSchema.optional(),
  }),
  hmm: hmmSectionSchema.optional(),
  hybrid: hybridSectionSchema.optional(),
  grammars: z.record(grammarNameSchema, namedGrammarSchema).optional(),
  /** By default confidences are what decoders make them, and words reach as far beyond labels as words do. */
  calibration: calibrationSchema.optional(),
  card: modelCardSchema.optional(),
});

export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type HmmSection = z.infer<typeof hmmSectionSchema>;
export type HybridCard = z.infer<typeof hybridCardSchema>;
export type HmmCard = z.infer<typeof hmmCardSchema>;
export type ModelCard = z.infer<typeof modelCardSchema>;
export type MeasuredErrorRate = z.infer<typeof errorRateSchema>;
