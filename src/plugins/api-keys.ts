import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestAsyncHookHandler } from 'fastify';
import { SoriError } from '../errors.ts';

/**
 * A hook that lets only those pass who bring one of the keys, as `Authorization: Bearer …`. Only hashes of the
 * keys are known here; how long a comparison takes says nothing of them, nor which key it was.
 *
 * A plain SHA-256 does: keys are made by machines, and too random to be found by trying. (Slow hashes are for
 * passwords that people choose.)
 *
 * @param hashes SHA-256 of each key, in hexadecimal digits
 */
export function apiKeyHook(hashes: readonly string[]): onRequestAsyncHookHandler {
  const known = hashes.map((hash) => Buffer.from(hash, 'hex'));
  return async ({ headers }, reply) => {
    const key = /^Bearer +(\S+) *$/iu.exec(headers.authorization ?? '')?.[1];
    const hash = createHash('sha256')
      .update(key ?? '')
      .digest();
    const matches = known.map((each) => timingSafeEqual(each, hash));
    if (key !== undefined && matches.includes(true)) return;
    reply.header('www-authenticate', 'Bearer');
    const got = key === undefined ? 'none' : 'another';
    throw new SoriError(
      'unauthorized',
      `expected an API key in the header authorization ("Bearer …"), got ${got}`,
    );
  };
}
