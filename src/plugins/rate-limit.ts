import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { SoriError } from '../errors.ts';

/** Those that asked last; one that is forgotten begins anew. */
const rememberedClients = 10_000;

/**
 * Lets each client make so many requests a minute. A client is an API key where those are asked for, else an
 * address: of IPv6 the first 64 bits, for the rest is the client's own to choose. This process counts for
 * itself.
 */
export const rateLimitPlugin = fp<{ perMinute: number }>(
  async (app: FastifyInstance, { perMinute }) => {
    await app.register(rateLimit, {
      max: perMinute,
      timeWindow: 60_000,
      cache: rememberedClients,
      keyGenerator: ({ apiKeyHash, ip }) => apiKeyHash ?? normalizeIP(ip),
      errorResponseBuilder: (_request, { ttl }) => {
        const seconds = Math.ceil(ttl / 1000);
        return new SoriError(
          'rate_limit_exceeded',
          `expected at most ${perMinute} requests a minute, got more: come again in ${seconds} s`,
        );
      },
    });
  },
  { name: 'rate-limit' },
);
