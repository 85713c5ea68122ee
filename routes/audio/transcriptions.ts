import type { FastifyInstance } from 'fastify';
import { clientLeft, recognize } from '../../src/plugins/recognition.ts';
import type { RequestLimits } from '../../src/recognition/request-limits.ts';
import { sendTranscription } from '../transcription-answer/send.ts';
import { accepts, readRecordingRequest } from './form.ts';
import { transcribeRecording } from './operations.ts';
import { transcriptionFormSchema } from './schemas.ts';

/** `POST /audio/transcriptions`: a recording in a multipart form, as OpenAI's clients send it. */
export function transcriptionRoute(app: FastifyInstance, limits: RequestLimits): void {
  const schema = transcriptionFormSchema(limits);
  app.post(
    '/audio/transcriptions',
    { config: { accepts, operation: transcribeRecording(limits) } },
    async (request, reply) => {
      const abandoned = clientLeft(reply);
      const { bytes, fields } = await readRecordingRequest(request, schema);
      const { prompt: _, temperature: __, stream: ___, ...options } = fields;
      const task = { kind: 'transcription', encoding: 'recording', bytes, options } as const;
      return sendTranscription(await recognize(request, task, abandoned), request, reply);
    },
  );
}
