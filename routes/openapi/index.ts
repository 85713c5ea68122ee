import { randomBytes } from 'node:crypto';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { ServedModel } from '../../src/recognition/recognition-service.ts';
import { openApiDocument, type Route } from './document.ts';

/** Where the reference is. */
const docs = '/docs';

/**
 * `GET /openapi.json`, the contract of every route that says what it does, and `GET /docs`, a page that shows
 * it. The page asks nothing of any other server.
 */
export const openApiRoutes = fp(
  async (app: FastifyInstance) => {
    const routes: Route[] = [];
    app.addHook('onRoute', ({ method, url, config }) => {
      const { operation } = config ?? {};
      if (operation !== undefined && method !== 'HEAD')
        routes.push({ method: String(method), url, operation });
    });

    let model: ServedModel | undefined;
    let document = '';
    app.get('/openapi.json', { logLevel: 'warn' }, (_request, reply) => {
      const { exampleModel } = app.recognition;
      // Another one, once the models have been read anew.
      if (exampleModel !== model) document = JSON.stringify(openApiDocument(routes, exampleModel));
      model = exampleModel;
      return reply.type('application/json').send(document);
    });

    await app.register(referencePage);
  },
  { name: 'openapi', dependencies: ['recognition', 'errors'] },
);

/**
 * Nothing but what this server serves. Vue sets the style of elements by attribute, which no nonce can cover:
 * those are allowed, style sheets and scripts only with the nonce.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function referencePage(app: FastifyInstance): Promise<void> {
  // The page is the same for everyone and holds nothing that anyone sent: one nonce does for the process.
  const nonce = randomBytes(16).toString('base64');
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.header('content-security-policy', contentSecurityPolicy(nonce));
    return payload;
  });
  await app.register(scalar, {
    routePrefix: docs,
    logLevel: 'warn',
    configuration: {
      url: '/openapi.json',
      nonce,
      pageTitle: 'Sori: reference',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      hideModels: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
}
