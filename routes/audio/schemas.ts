import { z } from 'zod';
import {
  alignmentOptionsShape,
  checkFormat,
  comparisonOptionsShape,
  transcriptionOptionsShape,
} from '../../src/recognition/request-options.ts';
import { nBestText } from '../fields.ts';

/** A number that is not negative, as clients of any language write it. */
const decimal = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The fields of a transcription's form beside `file`; OpenAI's, and `decoder` and `n_best`. */
export const transcriptionFormSchema = z
  .strictObject({
    ...transcriptionOptionsShape,
    n_best: nBestText,
    /** A hint that Whisper reads. No decoder here has a use for it yet; any text is accepted. */
    prompt: z.string().optional(),
    /** Sampling temperature. Decoding is exact here, so that every value gives the same text. */
    temperature: z
      .string()
      .refine((text) => decimal.test(text) && Number(text) <= 1, 'expected a number from 0 to 1')
      .optional(),
    /** Clients send it even where they do not want a stream. */
    stream: z.literal('false', 'expected false, for an answer comes whole').optional(),
  })
  .superRefine(checkFormat);

export const comparisonFormSchema = z.strictObject({
  ...comparisonOptionsShape,
  n_best: nBestText,
});

export const alignmentFormSchema = z.strictObject(alignmentOptionsShape);
