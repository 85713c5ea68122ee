import { z } from 'zod';
import {
  checkGranularities,
  transcriptionOptionsShape,
} from '../../src/recognition/transcription-options.ts';

/** The fields of the multipart form beside `file`; OpenAI's, and `decoder`. */
export const transcriptionFormSchema = z
  .strictObject({
    ...transcriptionOptionsShape,
    /** A hint that Whisper reads. No decoder here has a use for it yet; any text is accepted. */
    prompt: z.string().optional(),
    /** Sampling temperature. Decoding is exact here, so that every value gives the same text. */
    temperature: z
      .string()
      .regex(/^[\d.]+$/, 'expected a number from 0 to 1')
      .transform(Number)
      .pipe(z.number().min(0).max(1))
      .optional(),
  })
  .superRefine(checkGranularities);
