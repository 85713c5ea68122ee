import type { FastifyInstance } from 'fastify';
import { clientLeft, recognize } from '../../src/plugins/recognition.ts';
import { sendEmissions } from '../emissions-answer.ts';
import { accepts, readRecordingRequest } from './form.ts';
import { hearRecording } from './operations.ts';
import { emissionsFormSchema } from './schemas.ts';

/** `POST /audio/emissions`: what an acoustic model makes of a recording, for who decodes it elsewhere. */
export function emissionsRoute(app: FastifyInstance): void {
  app.post(
    '/audio/emissions',
    { config: { accepts, operation: hearRecording } },
    async (request, reply) => {
      const abandoned = clientLeft(reply);
      const { bytes, fields: options } = await readRecordingRequest(request, emissionsFormSchema);
      const task = { kind: 'emissions', encoding: 'recording', bytes, options } as const;
      return sendEmissions(await recognize(request, task, abandoned), request, reply);
    },
  );
}
