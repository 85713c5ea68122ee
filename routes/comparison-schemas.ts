import { z } from 'zod';
import { errorTable } from '../src/errors.ts';
import { searchFields } from '../src/recognition/request-rules.ts';
import {
  confidenceMethodSchema,
  decoderSchema,
  durationSchema,
  hypothesisSchema,
  hypothesisShape,
  sha256Schema,
  stageTimingsShape,
  timingsSchema,
  wordSchema,
} from './answer-schemas.ts';

const rate = z
  .number()
  .min(0)
  .nullable()
  .describe('null where nothing was said and something heard.');
const operation = z.enum(['hit', 'substitution', 'deletion', 'insertion']);
const counts = {
  substitutions: z.int().min(0),
  deletions: z.int().min(0),
  insertions: z.int().min(0),
  hits: z.int().min(0),
};
const word = z.string().nullable();

const readingSchema = z.strictObject({
  decoder: decoderSchema,
  sha256: sha256Schema,
  applied: z
    .array(z.enum(searchFields))
    .describe('What of the search that was asked for this decoder did; only where any was.')
    .optional(),
  ...hypothesisShape,
  words: z.array(wordSchema),
  word_confidence_method: confidenceMethodSchema,
  confidence_method: confidenceMethodSchema,
  hypotheses: z.array(hypothesisSchema).describe('Where more than one was asked for.').optional(),
  timings: z.strictObject(stageTimingsShape).describe('What decoders share stands in each.'),
  error_rates: z
    .strictObject({
      wer: rate,
      cer: rate,
      words: z.strictObject({
        ...counts,
        edits: z.array(z.strictObject({ operation, reference: word, hypothesis: word })),
      }),
      characters: z.strictObject(counts),
    })
    .describe('With a reference.')
    .optional(),
});

const unreadSchema = z
  .strictObject({
    decoder: decoderSchema,
    error: z.strictObject({ code: z.enum(Object.keys(errorTable)), message: z.string() }),
  })
  .describe('A decoder for which there were no features.');

export const comparisonAnswerSchema = z.strictObject({
  model: z.strictObject({ id: z.string() }),
  duration: durationSchema,
  decoders: z.array(z.union([readingSchema, unreadSchema])),
  alignments: z
    .array(
      z.strictObject({
        between: z.array(decoderSchema).length(2),
        words: z.array(z.strictObject({ a: word, b: word, operation })),
      }),
    )
    .describe('Each two decoders, word by word.'),
  agreement: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      'Hits of all alignments over all their columns; null where fewer than two could read it.',
    ),
  timings: timingsSchema,
});
