import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** Headers of answers that a page of another origin may read besides those that all may. */
const exposedHeaders = [
  'retry-after',
  'x-request-id',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-sori-model',
  'x-sori-model-sha256',
  'x-sori-decoder',
  'x-sori-duration',
  'x-sori-acoustic-model',
  'x-sori-frame-shift',
  'x-sori-labels',
  'x-sori-blank',
];

/** How long a browser may go by what it was allowed. */
const preflightSeconds = 600;

/**
 * Lets pages of other origins ask, with whatever headers they like, an API key's among them; never with
 * cookies, of which there are none.
 */
export const crossOriginPlugin = fp<{ origins: readonly string[] }>(
  async (app: FastifyInstance, { origins }) => {
    await app.register(cors, {
      origin: [...origins],
      exposedHeaders,
      maxAge: preflightSeconds,
      // An OPTIONS that is no preflight is answered as one: the other answer is no error of ours.
      strictPreflight: false,
      logLevel: 'warn',
    });
  },
  { name: 'cross-origin' },
);
