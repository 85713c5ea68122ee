import { z } from 'zod';
import { defaultBeamWidth } from '../ctc/beam-decoder.ts';
import { alignerNames } from '../decoding/aligner.ts';
import { type DecoderName, decoderNames } from '../decoding/decoder.ts';
import { wordsOf } from '../evaluation/word-error-rate.ts';
import { defaultRequestGrammarLimits } from '../language/request-grammar.ts';
import { grammarField } from './grammar-wish.ts';
import { featureKinds, passNames } from './passes.ts';
import {
  countField,
  defaultHotwordWeight,
  hotwordsField,
  largestHotwordWeight,
  listField,
  type Notation,
} from './request-fields.ts';
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
  model: z
    .string()
    .min(1)
    .describe(
      'A name from `GET /v1/models`; needed only where several are served and none is the default.',
    )
    .optional(),
  language: z
    .string()
    .min(1)
    .describe('ISO 639-1. A model knows one language; another is an error, not a hint.')
    .optional(),
} as const;

const boundedText = z
  .string()
  .max(maxTextCharacters, `expected at most ${maxTextCharacters} characters`);

const searchShape = (notation: Notation, limits: RequestLimits) => ({
  n_best: countField(notation, limits.maxHypotheses)
    .describe('Hypotheses wanted of a decoder at most. `ctc_greedy` finds one.')
    .default(1),
  beam_width: countField(notation, limits.maxBeamWidth)
    .describe(
      `Prefixes that \`ctc_beam\` keeps after each frame; by default ${defaultBeamWidth}, or \`n_best\` if that is more.`,
    )
    .optional(),
  hotwords: hotwordsField(notation, limits.maxHotwords)
    .describe(
      `Phrases that \`ctc_beam\` is to find likelier than the model does, as \`phrase\` or \`phrase:weight\`${notation === 'json' ? ' or an object' : ', repeated, or a list of them in JSON'}. The weight is a natural logarithm in [−${largestHotwordWeight}, ${largestHotwordWeight}], ${defaultHotwordWeight} by default; below 0 it discourages. Words must be ones that the model can hear.`,
    )
    .optional(),
  grammar: grammarField(notation, limits)
    .describe(
      `What may be said, for \`ctc_beam\`, \`hmm\` and \`hybrid\`: the name of one of the model's grammars (\`GET /v1/models/{id}\`), a grammar of ${notation === 'json' ? 'JSON' : 'JSON as text'} (\`{"repeat": {"alternatives": ["one", "two"]}, "times": 7}\`; also \`sequence\`, \`optional\`, \`min\` and \`max\`), of JSGF, or words. At most ${Math.min(limits.maxGrammarSize, defaultRequestGrammarLimits.parts)} words and forms.`,
    )
    .optional(),
});

/** What every transcription request may ask, whatever it sends to be transcribed. */
export const transcriptionShape = (notation: Notation, limits: RequestLimits) => ({
  ...modelShape,
  ...searchShape(notation, limits),
  decoder: z
    .enum(decoderNames)
    .describe(
      'By default `ctc_greedy`, and `ctc_beam` where `beam_width`, `hotwords`, `grammar` or more than one hypothesis is asked.',
    )
    .optional(),
  response_format: z.enum(responseFormats).default('json'),
  timestamp_granularities: listField(notation, timestampGranularities)
    .describe('`word` needs `response_format=verbose_json`. Also with `[]` behind the name.')
    .default(['segment']),
  include: listField(notation, transcriptionParts)
    .describe('`logprobs` needs `response_format` `json` or `verbose_json`.')
    .optional(),
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
  decoders: listField(notation, decoderNames)
    .refine((names) => names.length > 0, 'expected at least one decoder')
    .refine((names) => new Set(names).size === names.length, 'expected each decoder once')
    .describe(
      'Which ones, each once, in this order; by default all of the model. What only a search can do is done by those that search.',
    )
    .optional(),
  reference: boundedText.describe('What was said; case and white space do not count.').optional(),
});
export type ComparisonOptions = z.infer<z.ZodObject<ReturnType<typeof comparisonShape>>>;

/** What a comparison of features may ask besides. */
export const featureComparisonShape = (notation: Notation, limits: RequestLimits) => ({
  ...comparisonShape(notation, limits),
  features_for: z
    .enum(featureKinds, `expected one of ${featureKinds.join(', ')}; hybrid reads those for ctc`)
    .describe('Which acoustic model they are for; the hybrid reads those for `ctc`.')
    .default('ctc'),
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
  text: boundedText
    .superRefine((text, context) => {
      const words = wordsOf(text).length;
      const refuse = (message: string) =>
        context.addIssue({ code: 'custom', message, input: text });
      if (words === 0) refuse('expected at least one word');
      if (words > maxAlignedWords)
        refuse(`expected at most ${maxAlignedWords} words, got ${words}`);
    })
    .describe(`Words of the model, at most ${maxAlignedWords}.`),
  method: z
    .enum(alignerNames)
    .describe('By default `hmm` where the model has one, else `ctc`.')
    .optional(),
  include: listField('text', alignmentParts)
    .describe('What to give beside the words: what each is made of, and the states of that.')
    .default([]),
} as const;
export type AlignmentOptions = z.infer<z.ZodObject<typeof alignmentShape>>;

export const emissionsShape = {
  ...modelShape,
  acoustic_model: z.enum(passNames).describe('Whose emissions.').default('ctc'),
} as const;
export type EmissionsOptions = z.infer<z.ZodObject<typeof emissionsShape>>;

/** The fields of a JSON body beside its matrices, which stand there as null; made once, for it takes a while. */
export const envelopeSchemas = (limits: RequestLimits) => ({
  transcription: transcriptionSchema({
    ...transcriptionShape('json', limits),
    features: z.null(),
  }),
  comparison: comparisonSchema({
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
  }),
  emissions: z.strictObject({ ...emissionsShape, features: z.null() }),
});
export type EnvelopeSchemas = ReturnType<typeof envelopeSchemas>;
