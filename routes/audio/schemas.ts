import { z } from 'zod';
import type { RequestLimits } from '../../src/recognition/request-limits.ts';
import {
  alignmentShape,
  comparisonSchema,
  comparisonShape,
  emissionsShape,
  transcriptionSchema,
  transcriptionShape,
} from '../../src/recognition/request-options.ts';

/** A number that is not negative, as clients of any language write it. */
const decimal = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The fields of a transcription's form beside `file`; OpenAI's and ours. */
export const transcriptionFormSchema = (limits: RequestLimits) =>
  transcriptionSchema({
    ...transcriptionShape('text', limits),
    /** A hint that Whisper reads. No decoder here has a use for it yet; any text is accepted. */
    prompt: z.string().optional(),
    /** Sampling temperature. Decoding is exact here, so that every value gives the same text. */
    temperature: z
      .string()
      .refine((text) => decimal.test(text) && Number(text) <= 1, 'expected a number from 0 to 1')
      .optional(),
    /** Clients send it even where they do not want a stream. */
    stream: z.literal('false', 'expected false, for an answer comes whole').optional(),
  });

export const comparisonFormSchema = (limits: RequestLimits) =>
  comparisonSchema(comparisonShape('text', limits));

export const alignmentFormSchema = z.strictObject(alignmentShape);

export const emissionsFormSchema = z.strictObject(emissionsShape);
