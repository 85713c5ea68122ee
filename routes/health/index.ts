import type { FastifyInstance } from 'fastify';
import { liveness, metrics, readiness } from './operations.ts';

/**
 * For probes: whether the process lives, and whether it takes requests; and its figures, as Prometheus
 * reads them. Never authenticated.
 */
export async function healthRoutes(app: FastifyInstance): Promise<void> {
  app.get('/livez', { logLevel: 'warn', config: { operation: liveness } }, () => ({
    status: 'alive',
  }));

  app.get('/readyz', { logLevel: 'warn', config: { operation: readiness } }, () => {
    if (app.recognition.state !== 'ready') throw app.recognition.unavailable();
    return { status: 'ready' };
  });

  app.get(
    '/metrics',
    { logLevel: 'warn', config: { operation: metrics } },
    async (_request, reply) => reply.type(app.metrics.contentType).send(await app.metrics.text()),
  );
}
