import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { ServedModel } from '../../src/recognition/recognition-service.ts';
import { openApiDocument, type Route } from './document.ts';
import { referencePage } from './reference-page.ts';

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
