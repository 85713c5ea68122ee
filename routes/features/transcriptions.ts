import type { FastifyInstance } from 'fastify';
import { clientLeft, recognize } from '../../src/plugins/recognition.ts';
import type { RequestLimits } from '../../src/recognition/request-limits.ts';
import { sendTranscription } from '../transcription-answer/send.ts';
import { accepts, readFeatureRequest } from './body.ts';
import { transcribeFeatures } from './operations.ts';
import { transcriptionQuerySchema } from './schemas.ts';

/** `POST /features/transcriptions`: the twin of `/audio/transcriptions` for features. */
export function featureTranscriptionRoute(app: FastifyInstance, limits: RequestLimits): void {
  const schema = transcriptionQuerySchema(limits);
  app.post(
    '/features/transcriptions',
    { config: { accepts, operation: transcribeFeatures(limits) } },
    async (request, reply) => {
      const abandoned = clientLeft(reply);
      const body = readFeatureRequest(request, schema);
      const task = { kind: 'transcription', ...body } as const;
      return sendTranscription(await recognize(request, task, abandoned), request, reply);
    },
  );
}
