import type { FastifyInstance } from 'fastify';
import { clientLeft, recognize } from '../../src/plugins/recognition.ts';
import { sendEmissions } from '../emissions-answer.ts';
import { accepts, readFeatureRequest } from './body.ts';
import { hearFeatures } from './operations.ts';
import { emissionsQuerySchema } from './schemas.ts';

/** `POST /features/emissions`: the twin of `/audio/emissions` for features. */
export function featureEmissionsRoute(app: FastifyInstance): void {
  app.post(
    '/features/emissions',
    { config: { accepts, operation: hearFeatures } },
    async (request, reply) => {
      const abandoned = clientLeft(reply);
      const body = readFeatureRequest(request, emissionsQuerySchema);
      const task = { kind: 'emissions', ...body } as const;
      return sendEmissions(await recognize(request, task, abandoned), request, reply);
    },
  );
}
