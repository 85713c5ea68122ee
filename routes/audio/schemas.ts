import { z } from 'zod';
import { documentedAs } from '../../src/recognition/request-fields.ts';
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
export const transcriptionFormShape = (limits: RequestLimits) => ({
  ...transcriptionShape('text', limits),
  prompt: z.string().describe('Accepted for the sake of OpenAI’s clients; not used.').optional(),
  temperature: z
    .string()
    .refine((text) => decimal.test(text) && Number(text) <= 1, 'expected a number from 0 to 1')
    .register(documentedAs, { type: 'number', minimum: 0, maximum: 1 })
    .describe('Accepted for the sake of OpenAI’s clients; nothing here is left to chance.')
    .optional(),
  stream: z
    .literal('false', 'expected false, for an answer comes whole')
    .describe('Clients send it even where they do not want a stream.')
    .optional(),
});

export const transcriptionFormSchema = (limits: RequestLimits) =>
  transcriptionSchema(transcriptionFormShape(limits));

export const comparisonFormSchema = (limits: RequestLimits) =>
  comparisonSchema(comparisonShape('text', limits));

export const alignmentFormSchema = z.strictObject(alignmentShape);

export const emissionsFormSchema = z.strictObject(emissionsShape);
