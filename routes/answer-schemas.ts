import { z } from 'zod';
import { decoderNames } from '../src/decoding/decoder.ts';

const probability = z.number().min(0).max(1);
export const secondsSchema = z.number().min(0).describe('Seconds from the start of the recording.');
export const confidenceSchema = probability.describe(
  'In [0, 1]; what it means is named by the method.',
);
export const confidenceMethodSchema = z
  .string()
  .describe('`calibrated_…` where a probability of being right was measured for it.');
const milliseconds = z.number().min(0);

export const decoderSchema = z.enum(decoderNames);
export const sha256Schema = z.string().describe('Of the graph that gave the answer.');
export const modelSchema = z.strictObject({ id: z.string(), sha256: sha256Schema });
export const durationSchema = z.number().min(0).describe('Of the recording, in seconds.');

export const wordSchema = z.strictObject({
  word: z.string(),
  start: secondsSchema,
  end: secondsSchema,
  confidence: confidenceSchema,
});

const scoreSchema = z
  .number()
  .nullable()
  .describe(
    'Natural logarithm; scores of different decoders are no measure of each other. null where nothing that may be said fits the recording.',
  );

/** One reading among those of a decoder. */
export const hypothesisShape = {
  text: z.string(),
  confidence: confidenceSchema,
  score: scoreSchema,
  score_parts: z
    .record(z.string(), z.number().nullable())
    .describe(
      'What the score is the sum of: `acoustic`, `transitions`, `language`, `words`, `hotwords`.',
    ),
};
export const hypothesisSchema = z.strictObject({
  ...hypothesisShape,
  words: z.array(wordSchema).optional(),
});

export const stageTimingsShape = {
  features_ms: milliseconds.optional(),
  inference_ms: milliseconds.optional(),
  search_ms: milliseconds.optional(),
};
/** Milliseconds in the queue and in each stage that there was. */
export const timingsSchema = z.strictObject({
  queue_ms: milliseconds,
  audio_ms: milliseconds.optional(),
  ...stageTimingsShape,
});
