import { z } from 'zod';
import type { Operation } from '../openapi/operation.ts';
import { answerHeaders } from '../recognition-errors.ts';
import { jsonAnswerSchema, verboseAnswerSchema } from './schemas.ts';

/** What the contract says of a transcription's answers, whatever was sent to be transcribed. */
export const transcriptionAnswers: Pick<Operation, 'answers' | 'headers'> = {
  answers: [
    {
      contentType: 'application/json',
      schema: z.union([verboseAnswerSchema, jsonAnswerSchema]),
      description: '`verbose_json`, and `json`.',
    },
    { contentType: 'text/plain', description: '`text`: the text and a newline.' },
    { contentType: 'application/x-subrip', description: '`srt`' },
    { contentType: 'text/vtt', description: '`vtt`' },
  ],
  headers: { ...answerHeaders, 'x-sori-decoder': 'The decoder that answered.' },
};
