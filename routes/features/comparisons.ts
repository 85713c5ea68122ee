import type { FastifyInstance } from 'fastify';
import { clientLeft, recognize } from '../../src/plugins/recognition.ts';
import type { RequestLimits } from '../../src/recognition/request-limits.ts';
import { sendComparison } from '../comparison-answer.ts';
import { accepts, readFeatureRequest } from './body.ts';
import { compareFeatures } from './operations.ts';
import { comparisonQuerySchema } from './schemas.ts';

/** `POST /features/comparisons`: several decoders on features of one kind, or of both. */
export function featureComparisonRoute(app: FastifyInstance, limits: RequestLimits): void {
  const schema = comparisonQuerySchema(limits);
  app.post(
    '/features/comparisons',
    { config: { accepts, operation: compareFeatures(limits) } },
    async (request, reply) => {
      const abandoned = clientLeft(reply);
      const body = readFeatureRequest(request, schema);
      const task = { kind: 'comparison', ...body } as const;
      return sendComparison(await recognize(request, task, abandoned), request, reply);
    },
  );
}
