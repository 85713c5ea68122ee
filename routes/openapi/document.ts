import packageManifest from '../../package.json' with { type: 'json' };
import type { ServedModel } from '../../src/recognition/recognition-service.ts';
import { errorResponses, errorSchema } from './errors.ts';
import { inputSchema, type JsonSchema, outputSchema } from './json-schema.ts';
import { type Answer, type Operation, type RequestBody, tags } from './operation.ts';

/** An operation and where it is. */
export type Route = {
  readonly method: string;
  /** As fastify has it: `/v1/models/:id`. */
  readonly url: string;
  readonly operation: Operation;
};

/** Where the API key of `security` stands. */
const apiKeyScheme = 'apiKey';

const apiKey: JsonSchema = {
  type: 'http',
  scheme: 'bearer',
  description: 'An API key, where the service asks for one.',
};

const description = `Post a recording, or a matrix of features, and get its text back with times and confidences.

Every error has one body, OpenAI's, with a code of one table. Bad input never gets a 5xx. Limits are those of
\`GET /v1/models/{id}\`. Unknown fields are refused.

A matrix of features goes as \`application/x-npy\` or as bare float32 (\`application/octet-stream\`): four bytes
a number, read without parsing. JSON takes some twenty bytes a number and is read several times slower; it is
there for short recordings and for trying things out.`;

/** OpenAPI 3.1 of the routes, with examples that a model which is being served answers. */
export function openApiDocument(routes: readonly Route[], model: ServedModel): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const { method, url, operation } of routes) {
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation, model) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sori',
      version: packageManifest.version,
      summary: 'Speech recognition by CTC and hidden Markov models',
      description,
      license: { name: packageManifest.license, identifier: packageManifest.license },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, text]) => ({ name, description: text })),
    paths,
    components: {
      securitySchemes: { [apiKeyScheme]: apiKey },
      schemas: { Error: errorSchema },
      headers: {
        RequestId: {
          description: 'The request’s own `x-request-id`, or one that it was given.',
          schema: { type: 'string' },
        },
        RetryAfter: {
          description: 'Seconds after which to come again.',
          schema: { type: 'integer', minimum: 1 },
        },
      },
    },
  };
}

function operationObject(operation: Operation, model: ServedModel): JsonSchema {
  const { id, tag, summary, bodies, answers, headers = {}, errors } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: operation.description,
    security: errors.includes('unauthorized') ? [{ [apiKeyScheme]: [] }, {}] : [],
    parameters: parametersOf(operation, model),
    ...(bodies !== undefined && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          bodies.map((body) => [body.contentType, mediaType(body, model)]),
        ),
      },
    }),
    responses: {
      200: {
        description: 'All went well.',
        headers: {
          'x-request-id': { $ref: '#/components/headers/RequestId' },
          ...Object.fromEntries(
            Object.entries(headers).map(([name, text]) => [
              name,
              { description: text, schema: { type: 'string' } },
            ]),
          ),
        },
        content: Object.fromEntries(
          answers.map((answer) => [answer.contentType, { schema: answerSchema(answer) }]),
        ),
      },
      ...errorResponses(errors),
    },
  };
}

function parametersOf({ path, query }: Operation, model: ServedModel): JsonSchema[] {
  const places = [
    ...(path === undefined ? [] : [{ place: 'path', ...path }]),
    ...(query === undefined ? [] : [{ place: 'query', ...query }]),
  ];
  return places.flatMap(({ place, schema, examples }) => {
    const known: Readonly<Record<string, unknown>> = examples(model);
    const { properties = {} } = inputSchema(schema) as { properties?: Record<string, JsonSchema> };
    return Object.entries(properties).map(([name, { description: text, ...field }]) => ({
      name,
      in: place,
      required: place === 'path',
      ...(text !== undefined && { description: text }),
      schema: field,
      ...(known[name] !== undefined && { example: known[name] }),
    }));
  });
}

function mediaType({ schema, description: text, examples }: RequestBody, model: ServedModel) {
  const written = schema === undefined ? { type: 'string', format: 'binary' } : inputSchema(schema);
  return {
    schema: { ...written, ...(text !== undefined && { description: text }) },
    ...(examples !== undefined && { examples: examples(model) }),
  };
}

function answerSchema({ contentType, schema, description: text }: Answer): JsonSchema {
  const isText = contentType.startsWith('text/') || contentType.endsWith('subrip');
  const bare = isText ? { type: 'string' } : { type: 'string', format: 'binary' };
  const written = schema === undefined ? bare : outputSchema(schema);
  return { ...written, ...(text !== undefined && { description: text }) };
}
