import type { FastifyInstance } from 'fastify';

/**
 * For probes: whether the process lives, and whether it takes requests; and its figures, as Prometheus
 * reads them. Never authenticated.
 */
export async function healthRoutes(app: FastifyInstance): Promise<void> {
  app.get('/livez', { logLevel: 'warn' }, () => ({ status: 'alive' }));

  app.get('/readyz', { logLevel: 'warn' }, () => {
    if (app.recognition.state !== 'ready') throw app.recognition.unavailable();
    return { status: 'ready' };
  });

  app.get('/metrics', { logLevel: 'warn' }, async (_request, reply) =>
    reply.type(app.metrics.contentType).send(await app.metrics.text()),
  );
}
