import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { SoriError } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the API key that it brought, in hexadecimal digits; undefined where none is asked for. */
    apiKeyHash: string | undefined;
  }
}

/**
 * Lets only those pass who bring one of the keys, as `Authorization: Bearer …`. Only hashes of the keys are
 * known here; how long a comparison takes says nothing of them, nor which key it was.
 *
 * A plain SHA-256 does: keys are made by machines, and too random to be found by trying. (Slow hashes are for
 * passwords that people choose.)
 *
 * `hashes` are the SHA-256 of each key, in hexadecimal digits.
 */
export const apiKeysPlugin = fp<{ hashes: readonly string[] }>(
  (app: FastifyInstance, { hashes }, done) => {
    const known = hashes.map((hash) => Buffer.from(hash, 'hex'));
    app.decorateRequest('apiKeyHash', undefined);
    app.addHook('onRequest', async (request, reply) => {
      const key = /^Bearer +(\S+) *$/iu.exec(request.headers.authorization ?? '')?.[1];
      const hash = createHash('sha256')
        .update(key ?? '')
        .digest();
      const matches = known.map((each) => timingSafeEqual(each, hash));
      if (key !== undefined && matches.includes(true)) {
        request.apiKeyHash = hash.toString('hex');
        return;
      }
      reply.header('www-authenticate', 'Bearer');
      const got = key === undefined ? 'none' : 'another';
      throw new SoriError(
        'unauthorized',
        `expected an API key in the header authorization ("Bearer …"), got ${got}`,
      );
    });
    done();
  },
  { name: 'api-keys' },
);
