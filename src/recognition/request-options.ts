import { z } from 'zod';
import { alignerNames } from '../decoding/aligner.ts';
import { type DecoderName, decoderNames } from '../decoding/decoder.ts';
import { wordsOf } from '../evaluation/word-error-rate.ts';
import { grammarField } from './grammar-wish.ts';
import { passNames } from './passes.ts';
import { countField, hotwordsField, listField, type Notation } from './request-fields.ts';
import type { RequestLimits } from './request-limits.ts';
import { checkDecoders, checkFormat, usualDecoder } from './request-rules.ts';

export const responseFormats = ['json', 'text', 'srt', 'vtt', 'verbose_json'] as const;
export const timestampGranularities = ['word', 'segment'] as const;
export const transcriptionParts = ['logprobs'] as const;
export const alignmentParts = ['units', 'states'] as const;

/** Characters that a reference or a text to align may have: some two thousand words. */
export const maxTextCharacters = 10_000;
/** Words of them that can be aligned. */
export const maxAlignedWords = 3000;

const modelShape = {
  model: z.string().min(1).optional(),
  /** ISO 639-1. A model knows one language; asking it for another is an error, not a hint. */
  language: z.string().min(1).optional(),
} as const;

const boundedText = z
  .string()
  .max(maxTextCharacters, `expected at most ${maxTextCharacters} characters`);

const searchShape = (notation: Notation, limits: RequestLimits) => ({
  n_best: countField(notation, limits.maxHypotheses).default(1),
  beam_width: countField(notation, limits.maxBeamWidth).optional(),
  hotwords: hotwordsField(notation, limits.maxHotwords).optional(),
  grammar: grammarField(limits).optional(),
});

/** What every transcription request may ask, whatever it sends to be transcribed. */
export const transcriptionShape = (notation: Notation, limits: RequestLimits) => ({
  ...modelShape,
  ...searchShape(notation, limits),
  decoder: z.enum(decoderNames).optional(),
  response_format: z.enum(responseFormats).default('json'),
  timestamp_granularities: listField(notation, z.enum(timestampGranularities)).default(['segment']),
  include: listField(notation, z.enum(transcriptionParts)).optional(),
});
type AskedTranscription = z.infer<z.ZodObject<ReturnType<typeof transcriptionShape>>>;
/** As asked, with the decoder that it comes to. */
export type TranscriptionOptions = AskedTranscription & { readonly decoder: DecoderName };

/** A schema of those options and perhaps more, with the rules between them. */
export function transcriptionSchema<Shape extends ReturnType<typeof transcriptionShape>>(
  shape: Shape,
) {
  return z
    .strictObject(shape)
    .superRefine((options, context) => {
      const asked = options as AskedTranscription;
      checkFormat(asked, context);
      checkDecoders(asked, asked.decoder && [asked.decoder], 'decoder', context);
    })
    .transform((options) => {
      const { decoder = usualDecoder(options as AskedTranscription) } =
        options as AskedTranscription;
      return { ...options, decoder };
    });
}

/** What every comparison may ask. */
export const comparisonShape = (notation: Notation, limits: RequestLimits) => ({
  ...modelShape,
  ...searchShape(notation, limits),
  /** Which ones, each once; all of the model's where they are left out. */
  decoders: listField(notation, z.enum(decoderNames))
    .pipe(
      z
        .array(z.enum(decoderNames))
        .min(1)
        .refine((names) => new Set(names).size === names.length, 'expected each decoder once'),
    )
    .optional(),
  /** What was said. */
  reference: boundedText.optional(),
});
export type ComparisonOptions = z.infer<z.ZodObject<ReturnType<typeof comparisonShape>>>;

/** What a comparison of features may ask besides. */
export const featureComparisonShape = (notation: Notation, limits: RequestLimits) => ({
  ...comparisonShape(notation, limits),
  /** Which acoustic model the features are for. */
  features_for: z.enum(passNames).default('ctc'),
});
export type FeatureComparisonOptions = z.infer<
  z.ZodObject<ReturnType<typeof featureComparisonShape>>
>;

/** A schema of a comparison's options and perhaps more, with the rules between them. */
export function comparisonSchema<Shape extends ReturnType<typeof comparisonShape>>(shape: Shape) {
  return z.strictObject(shape).superRefine((options, context) => {
    const asked = options as ComparisonOptions;
    checkDecoders(asked, asked.decoders, 'decoders', context);
  });
}

export const alignmentShape = {
  ...modelShape,
  text: boundedText.superRefine((text, context) => {
    const words = wordsOf(text).length;
    const refuse = (message: string) => context.addIssue({ code: 'custom', message, input: text });
    if (words === 0) refuse('expected at least one word');
    if (words > maxAlignedWords) refuse(`expected at most ${maxAlignedWords} words`);
  }),
  /** By default the HMM's where the model has one. */
  method: z.enum(alignerNames).optional(),
  /** What to give beside the words. */
  include: z.array(z.enum(alignmentParts)).default([]),
} as const;
export type AlignmentOptions = z.infer<z.ZodObject<typeof alignmentShape>>;

export const emissionsShape = {
  ...modelShape,
  /** Whose emissions. */
  acoustic_model: z.enum(passNames).default('ctc'),
} as const;
export type EmissionsOptions = z.infer<z.ZodObject<typeof emissionsShape>>;

export const emissionsEnvelopeSchema = z.strictObject({ ...emissionsShape, features: z.null() });

/** The fields of a JSON body beside its matrices, which stand there as null. */
export const transcriptionEnvelopeSchema = (limits: RequestLimits) =>
  transcriptionSchema({ ...transcriptionShape('json', limits), features: z.null() });

export const comparisonEnvelopeSchema = (limits: RequestLimits) =>
  comparisonSchema({
    ...featureComparisonShape('json', limits),
    features: z.null(),
    hmm_features: z.null().optional(),
  }).superRefine(({ features_for, hmm_features }, context) => {
    if (features_for === 'ctc' || hmm_features === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['hmm_features'],
      message: 'expected none where features_for is hmm',
      input: 'both',
    });
  });
