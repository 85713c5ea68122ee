import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import helmet from 'helmet';

/** Helmet itself: fastify's plugin of it would make the same headers anew for every request. */
const applyHelmet = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
  frameguard: { action: 'deny' },
  // It would bind every service of this host name to https: for whoever ends TLS before this to say.
  strictTransportSecurity: false,
});

/**
 * Has browsers treat every answer as what it is. Pages bring a policy of their own for what they load; all
 * else may load nothing.
 */
export const securityHeadersPlugin = fp(
  (app: FastifyInstance, _options, done) => {
    app.addHook('onRequest', (request, reply, next) => {
      setSecurityHeaders(request, reply);
      next();
    });
    done();
  },
  { name: 'security-headers' },
);

/** The hook does it, except for requests so malformed that no hook runs. */
export function setSecurityHeaders({ raw }: FastifyRequest, reply: FastifyReply): void {
  applyHelmet(raw, reply.raw, (error) => {
    if (error !== undefined) throw error;
  });
}
