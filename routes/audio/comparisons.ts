import type { FastifyInstance } from 'fastify';
import { clientLeft, recognize } from '../../src/plugins/recognition.ts';
import type { RequestLimits } from '../../src/recognition/request-limits.ts';
import { sendComparison } from '../comparison-answer.ts';
import { accepts, readRecordingRequest } from './form.ts';
import { compareRecording } from './operations.ts';
import { comparisonFormSchema } from './schemas.ts';

/** `POST /audio/comparisons`: several decoders on one recording. */
export function comparisonRoute(app: FastifyInstance, limits: RequestLimits): void {
  const schema = comparisonFormSchema(limits);
  app.post(
    '/audio/comparisons',
    { config: { accepts, operation: compareRecording(limits) } },
    async (request, reply) => {
      const abandoned = clientLeft(reply);
      const { bytes, fields: options } = await readRecordingRequest(request, schema);
      const task = { kind: 'comparison', encoding: 'recording', bytes, options } as const;
      return sendComparison(await recognize(request, task, abandoned), request, reply);
    },
  );
}
