import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Config } from '../../src/config.ts';
import { noQuerySchema } from '../fields.ts';
import { listModels, retrieveModel } from './operations.ts';
import { modelParamsSchema } from './schemas.ts';
import { describeModel } from './view.ts';

/** `GET /models` and `GET /models/{id}`: what is served, in OpenAI's list shape and more. */
export async function modelRoutes(
  instance: FastifyInstance,
  { config }: { config: Config },
): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  const nothingElse = { querystring: noQuerySchema };
  app.get('/models', { schema: nothingElse, config: { operation: listModels } }, () => ({
    object: 'list',
    data: app.recognition.models.map((model) => describeModel(model, config)),
  }));

  const options = {
    schema: { params: modelParamsSchema, ...nothingElse },
    config: { operation: retrieveModel },
  };
  app.get('/models/:id', options, ({ params }) =>
    describeModel(app.recognition.choose({ model: params.id }), config),
  );
}
