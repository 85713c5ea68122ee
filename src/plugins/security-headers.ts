import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/**
 * Has browsers treat every answer as what it is. Pages bring a policy of their own for what they load; all
 * else may load nothing.
 */
export const securityHeadersPlugin = fp(
  async (app: FastifyInstance) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
      },
      frameguard: { action: 'deny' },
      // It would bind every service of this host name to https: for whoever ends TLS before this to say.
      strictTransportSecurity: false,
    });
  },
  { name: 'security-headers' },
);
