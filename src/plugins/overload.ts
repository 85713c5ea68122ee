import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { SoriError } from '../errors.ts';

/** Above any of these the service takes no more; 0 for no limit. */
export type PressureLimits = {
  readonly maxEventLoopLagSeconds: number;
  readonly maxHeapBytes: number;
  readonly maxMemoryBytes: number;
};

/** What is over its limit, in a client's words. */
const pressures: Readonly<Record<string, string>> = {
  [underPressure.TYPE_EVENT_LOOP_DELAY]: 'its event loop lags',
  [underPressure.TYPE_HEAP_USED_BYTES]: 'its heap is full',
  [underPressure.TYPE_RSS_BYTES]: 'its memory is full',
};

/**
 * Turns requests away while the thread that speaks HTTP cannot keep up, by what was measured in the last second:
 * the mean lag of its event loop, and memory. It stays ready meanwhile: a balancer that left it out for a
 * moment's pressure would put all of it on the others.
 */
export const overloadPlugin = fp<{ limits: PressureLimits }>(
  async (app: FastifyInstance, { limits }) => {
    const { maxEventLoopLagSeconds, maxHeapBytes, maxMemoryBytes } = limits;
    await app.register(underPressure, {
      maxEventLoopDelay: 1000 * maxEventLoopLagSeconds,
      maxHeapUsedBytes: maxHeapBytes,
      maxRssBytes: maxMemoryBytes,
      pressureHandler: async (_request, _reply, type) => {
        throw new SoriError('overloaded', `the service has too much to do: ${pressures[type]}`);
      },
    });
  },
  { name: 'overload' },
);
