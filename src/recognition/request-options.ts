import { z } from 'zod';
import { alignerNames } from '../decoding/aligner.ts';
import { decoderNames } from '../decoding/decoder.ts';
import { wordsOf } from '../evaluation/word-error-rate.ts';
import { passNames } from './passes.ts';

export const responseFormats = ['json', 'text', 'srt', 'vtt', 'verbose_json'] as const;
export const timestampGranularities = ['word', 'segment'] as const;
export const alignmentParts = ['units', 'states'] as const;

/** Characters that a reference or a text to align may have: some two thousand words. */
export const maxTextCharacters = 10_000;

const modelShape = {
  /** A model's name; the default model where it is left out. */
  model: z.string().min(1).optional(),
  /** ISO 639-1. A model knows one language; asking it for another is an error, not a hint. */
  language: z.string().min(1).optional(),
} as const;

/** How many hypotheses each decoder may give; what the service allows at most is checked with the model. */
export const nBestSchema = z.int().min(1);
const nBestShape = { n_best: nBestSchema.default(1) } as const;

const boundedText = z
  .string()
  .max(maxTextCharacters, `expected at most ${maxTextCharacters} characters`);

/** What every transcription request may ask, whatever it sends to be transcribed. */
export const transcriptionOptionsShape = {
  ...modelShape,
  ...nBestShape,
  decoder: z.enum(decoderNames).default('ctc_greedy'),
  response_format: z.enum(responseFormats).default('json'),
  timestamp_granularities: z.array(z.enum(timestampGranularities)).default(['segment']),
} as const;
export type TranscriptionOptions = z.infer<z.ZodObject<typeof transcriptionOptionsShape>>;

/** A rule between fields: only `verbose_json` has a place for words, and for several hypotheses. */
export function checkFormat(
  options: Pick<TranscriptionOptions, 'response_format' | 'timestamp_granularities' | 'n_best'>,
  context: z.RefinementCtx,
): void {
  const { response_format: input, timestamp_granularities: granularities, n_best } = options;
  if (input === 'verbose_json') return;
  const refuse = (field: string, what: string) =>
    context.addIssue({
      code: 'custom',
      path: [field],
      message: `${what} needs response_format verbose_json`,
      input,
    });
  if (granularities.includes('word')) refuse('timestamp_granularities', 'word granularity');
  if (n_best > 1) refuse('n_best', 'more than one hypothesis');
}

export const decodersSchema = z
  .array(z.enum(decoderNames))
  .min(1)
  .refine((names) => new Set(names).size === names.length, 'expected each decoder once');

/** What every comparison may ask. */
export const comparisonOptionsShape = {
  ...modelShape,
  ...nBestShape,
  /** Which ones, each once; all of the model's where they are left out. */
  decoders: decodersSchema.optional(),
  /** What was said. */
  reference: boundedText.optional(),
} as const;
export type ComparisonOptions = z.infer<z.ZodObject<typeof comparisonOptionsShape>>;

/** What a comparison of features may ask besides. */
export const featureComparisonShape = {
  ...comparisonOptionsShape,
  /** Which acoustic model the features are for. */
  features_for: z.enum(passNames).default('ctc'),
} as const;
export type FeatureComparisonOptions = z.infer<z.ZodObject<typeof featureComparisonShape>>;

export const alignmentOptionsShape = {
  ...modelShape,
  text: boundedText.refine((text) => wordsOf(text).length > 0, 'expected at least one word'),
  /** By default the HMM's where the model has one. */
  method: z.enum(alignerNames).optional(),
  /** What to give beside the words. */
  include: z.array(z.enum(alignmentParts)).default([]),
} as const;
export type AlignmentOptions = z.infer<z.ZodObject<typeof alignmentOptionsShape>>;

/** The fields of a JSON body beside its matrices, which stand there as null. */
export const transcriptionEnvelopeSchema = z
  .strictObject({ ...transcriptionOptionsShape, features: z.null() })
  .superRefine(checkFormat);

export const comparisonEnvelopeSchema = z
  .strictObject({
    ...featureComparisonShape,
    features: z.null(),
    hmm_features: z.null().optional(),
  })
  .superRefine(({ features_for, hmm_features }, context) => {
    if (features_for === 'ctc' || hmm_features === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['hmm_features'],
      message: 'expected none where features_for is hmm',
      input: 'both',
    });
  });
