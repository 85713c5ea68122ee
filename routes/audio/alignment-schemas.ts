import { z } from 'zod';
import { alignerNames } from '../../src/decoding/aligner.ts';
import {
  confidenceMethodSchema,
  confidenceSchema,
  durationSchema,
  modelSchema,
  secondsSchema,
  timingsSchema,
} from '../answer-schemas.ts';

const stretch = {
  start: secondsSchema,
  end: secondsSchema,
  score: z.number().describe('ln of what the acoustic model gave along the stretch.'),
};

const unitSchema = z.strictObject({
  unit: z.string(),
  ...stretch,
  states: z.array(z.strictObject({ state: z.int().min(0), ...stretch })).optional(),
});

export const alignmentAnswerSchema = z.strictObject({
  text: z.string(),
  model: modelSchema,
  method: z.enum(alignerNames),
  duration: durationSchema,
  score: z.number().describe('ln, of the best path through the text.'),
  words: z.array(
    z.strictObject({
      word: z.string(),
      ...stretch,
      confidence: confidenceSchema,
      units: z.array(unitSchema).describe('With `include[]=units` or `states`.').optional(),
    }),
  ),
  word_confidence_method: confidenceMethodSchema,
  timings: timingsSchema,
});
