import { z } from 'zod';
import { decoderNames } from '../decoding/decoder.ts';

export const responseFormats = ['json', 'text', 'srt', 'vtt', 'verbose_json'] as const;
export const timestampGranularities = ['word', 'segment'] as const;

/** What every transcription request may ask, whatever it sends to be transcribed. */
export const transcriptionOptionsShape = {
  /** A model's name; the default model where it is left out. */
  model: z.string().min(1).optional(),
  /** ISO 639-1. A model knows one language; asking it for another is an error, not a hint. */
  language: z.string().min(1).optional(),
  decoder: z.enum(decoderNames).default('ctc_greedy'),
  response_format: z.enum(responseFormats).default('json'),
  timestamp_granularities: z.array(z.enum(timestampGranularities)).default(['segment']),
} as const;

const optionsSchema = z.strictObject(transcriptionOptionsShape);
export type TranscriptionOptions = z.infer<typeof optionsSchema>;

/** A rule between fields: words have no place in an answer other than `verbose_json`. */
export function checkGranularities(
  options: Pick<TranscriptionOptions, 'response_format' | 'timestamp_granularities'>,
  context: z.RefinementCtx,
): void {
  const { response_format: format, timestamp_granularities: granularities } = options;
  if (granularities.includes('word') && format !== 'verbose_json')
    context.addIssue({
      code: 'custom',
      path: ['timestamp_granularities'],
      message: 'word granularity needs response_format verbose_json',
      input: format,
    });
}

/** The fields of a JSON body beside its features. */
export const featureEnvelopeSchema = z
  .strictObject({ ...transcriptionOptionsShape, features: z.null() })
  .superRefine(checkGranularities);
