import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { ServiceMetrics } from './service-metrics.ts';

declare module 'fastify' {
  interface FastifyInstance {
    metrics: ServiceMetrics;
  }
}

/**
 * What the service counts, for `GET /metrics`.
 *
 * (fastify-metrics would count a client that left by the status that it never saw, and passes over what is
 * answered below every handler; so the counting is done here, with Prometheus' own client.)
 */
export const metricsPlugin = fp<{ config: Config }>(
  (app: FastifyInstance, { config }, done) => {
    const metrics = new ServiceMetrics(() => {
      const { state, pool } = app.recognition;
      return {
        ready: state === 'ready',
        queued: pool?.queued ?? 0,
        queueLimit: config.queueLimit,
        workers: config.workers,
        loadedWorkers: pool?.loadedWorkers ?? 0,
        busyWorkers: pool?.running ?? 0,
      };
    });
    app.decorate('metrics', metrics);
    app.requestEndListeners.push((end) => metrics.requestEnded(end));
    done();
  },
  { name: 'metrics', dependencies: ['request-end'] },
);
