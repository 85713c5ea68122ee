import { z } from 'zod';
import { alphabetSchema } from '../../src/alphabet/definition.ts';
import { alignerNames } from '../../src/decoding/aligner.ts';
import { architectureSchema } from '../../src/recognition/model-manifest.ts';
import { decoderSchema, sha256Schema } from '../answer-schemas.ts';

export const modelParamsSchema = z.strictObject({
  id: z.string().describe('A name from `GET /v1/models`.'),
});

const passShape = {
  sha256: sha256Schema,
  features: z
    .strictObject({
      kind: z.string(),
      sample_rate_hz: z.number(),
      dims: z.int().describe('Numbers in a row.'),
      frame_shift_seconds: z.number().describe('From one row to the next.'),
    })
    .describe('What it reads.'),
};
const count = z.int().min(0);

const conditions = {
  goal: z.number().nullable(),
  decoder: z.string(),
  date: z.string(),
  command: z.string().describe('What measures it anew.'),
};
const measuredOn = { set: z.string(), clips: count, minutes: z.number() };
const errorRateSchema = z.union([
  z.strictObject({
    ...measuredOn,
    words: count,
    word_error_rate: z.number(),
    substitutions: count,
    deletions: count,
    insertions: count,
    sentence_error_rate: z.number(),
    ...conditions,
  }),
  z.strictObject({
    ...measuredOn,
    false_words: count,
    false_words_per_minute: z.number(),
    ...conditions,
  }),
]);

export const modelViewSchema = z.strictObject({
  id: z.string(),
  object: z.literal('model'),
  created: z.int().describe('Seconds since 1970.'),
  owned_by: z.literal('sori'),
  ...passShape,
  files: z.array(z.strictObject({ name: z.string(), sha256: z.string(), bytes: count })),
  description: z.string(),
  language: z.string(),
  labels: count,
  alphabet: z
    .strictObject(alphabetSchema.shape)
    .describe('Of the columns of CTC’s emissions; `blank` and `filler` are places in it.'),
  grammars: z
    .array(z.strictObject({ name: z.string(), description: z.string() }))
    .describe('What `grammar` can name.'),
  architecture: architectureSchema,
  hmm: z.strictObject({ ...passShape, max_frames: count }).nullable(),
  hybrid: z.strictObject({ ...passShape, max_frames: count }).nullable(),
  decoders: z.array(decoderSchema),
  aligners: z.array(z.enum(alignerNames)),
  limits: z
    .strictObject({
      max_body_bytes: count,
      max_audio_seconds: z.number(),
      max_frames: count,
      max_n_best: count,
      max_beam_width: count,
      max_hotwords: count,
      max_grammar_size: count.describe('Words and forms of a request’s grammar, as written.'),
      max_text_characters: count,
      max_aligned_words: count,
      queue: count,
      batch: count.describe('Requests that it may hear at once, none of which changes for it.'),
      deadline_seconds: z.number(),
    })
    .describe('What a request may be at most.'),
  summary: z.string().nullable(),
  error_rates: z.array(errorRateSchema),
});

export const modelListSchema = z.strictObject({
  object: z.literal('list'),
  data: z.array(modelViewSchema),
});
