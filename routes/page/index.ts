import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SoriError } from '../../src/errors.ts';
import { type Part, pageParts, partsPrefix } from './parts.ts';

/**
 * Nothing but what this server serves, no inline script and no inline style. The features' kernel is
 * WebAssembly that the page generates; recordings and pictures are blobs of the page's own.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self' blob:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'permissions-policy': 'microphone=(self)',
  // Asked about each time, and answered by 304 unless a new version runs.
  'cache-control': 'no-cache',
  vary: 'accept-encoding',
};

/** `GET /`, the page, and `GET /learn`, the theory to play with; under `/page/` what they are made of. They need no network beyond this server. */
export async function pageRoutes(app: FastifyInstance): Promise<void> {
  let parts: Map<string, Part> | undefined;
  const send = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?', 1)[0]!;
    parts ??= pageParts();
    const part = parts.get(path);
    if (part === undefined)
      throw new SoriError('not_found', `no such part of the page: ${path.slice(0, 200)}`);
    reply.headers({ ...headers, etag: part.etag });
    if (request.headers['if-none-match'] === part.etag) return reply.code(304).send();
    reply.type(part.contentType);
    const gzip = /\bgzip\b/u.test(request.headers['accept-encoding'] ?? '');
    if (!gzip || part.compressed === undefined) return reply.send(part.bytes);
    return reply.header('content-encoding', 'gzip').send(part.compressed);
  };
  for (const url of ['/', '/learn', `${partsPrefix}*`]) app.get(url, { logLevel: 'warn' }, send);
}
