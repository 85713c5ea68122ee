import { z } from 'zod';
import {
  confidenceMethodSchema,
  confidenceSchema,
  decoderSchema,
  durationSchema,
  hypothesisSchema,
  modelSchema,
  secondsSchema,
  timingsSchema,
  wordSchema,
} from '../answer-schemas.ts';

const logProbSchema = z.strictObject({
  token: z.string().describe('A label: a word, or a character.'),
  logprob: z.number().max(0).describe('ln of its probability; −9999 where there is none.'),
  bytes: z.array(z.int().min(0).max(255)).describe('UTF-8 of the label.'),
});

const jsonShape = {
  text: z.string(),
  model: modelSchema,
  decoder: decoderSchema,
  duration: durationSchema,
  confidence: confidenceSchema,
  confidence_method: confidenceMethodSchema,
  logprobs: z.array(logProbSchema).describe('With `include[]=logprobs`.').optional(),
};

const segmentSchema = z.strictObject({
  id: z.int().min(0),
  seek: z.literal(0),
  start: secondsSchema,
  end: secondsSchema,
  text: z.string(),
  tokens: z.array(z.int().min(0)).describe('Empty: there are no tokens beneath labels.'),
  temperature: z.literal(0),
  avg_logprob: z.number(),
  compression_ratio: z.number(),
  no_speech_prob: z.number().min(0).max(1),
});

/** `response_format=json` */
export const jsonAnswerSchema = z.strictObject(jsonShape);

/** `response_format=verbose_json` */
export const verboseAnswerSchema = z.strictObject({
  task: z.literal('transcribe'),
  language: z.string(),
  ...jsonShape,
  words: z.array(wordSchema).describe('With `timestamp_granularities[]=word`.').optional(),
  word_confidence_method: confidenceMethodSchema.optional(),
  segments: z.array(segmentSchema).optional(),
  hypotheses: z.array(hypothesisSchema).min(1).describe('Best first.'),
  timings: timingsSchema,
});
