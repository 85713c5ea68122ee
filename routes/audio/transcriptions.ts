import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../../src/config.ts';
import { clientLeft } from '../../src/plugins/recognition.ts';
import { parseRequest } from '../../src/recognition/validation.ts';
import { noQuerySchema } from '../fields.ts';
import { ownBytes } from '../own-bytes.ts';
import { sendTranscription } from '../transcription-answer/send.ts';
import { maxFieldBytes, readRecordingForm } from './form.ts';
import { transcriptionFormSchema } from './schemas.ts';

/** `POST /audio/transcriptions`: a recording in a multipart form, as OpenAI's clients send it. */
export async function audioTranscriptionRoutes(
  app: FastifyInstance,
  { config }: { config: Config },
): Promise<void> {
  await app.register(multipart, {
    limits: {
      fileSize: config.maxBodyBytes,
      files: 2,
      fields: 32,
      parts: 34,
      fieldSize: maxFieldBytes,
    },
  });

  const accepts = ['multipart/form-data'];
  app.post('/audio/transcriptions', { config: { accepts } }, async (request, reply) => {
    const abandoned = clientLeft(reply);
    parseRequest(noQuerySchema, request.query);
    const { file, fields } = await readRecordingForm(request);
    const {
      prompt: _,
      temperature: __,
      stream: ___,
      ...options
    } = parseRequest(transcriptionFormSchema, fields);
    app.recognition.choose(options);
    const task = { kind: 'recording', bytes: ownBytes(file), options } as const;
    return sendTranscription(await app.recognition.transcribe(task, abandoned), request, reply);
  });
}
