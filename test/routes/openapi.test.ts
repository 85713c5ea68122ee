import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alignmentAnswerSchema } from '../../routes/audio/alignment-schemas.ts';
import { comparisonAnswerSchema } from '../../routes/comparison-schemas.ts';
import { modelListSchema, modelViewSchema } from '../../routes/models/schemas.ts';
import {
  jsonAnswerSchema,
  verboseAnswerSchema,
} from '../../routes/transcription-answer/schemas.ts';
import { errorTable } from '../../src/errors.ts';
import { openConnection, statusesOf } from '../support/connection.ts';
import { errorOf, startService, type TestService } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

type Schema = {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  enum?: unknown[];
};
type Operation = {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: { name: string; in: string; required: boolean; schema: Schema; example?: unknown }[];
  requestBody?: {
    content: Record<
      string,
      { schema: Schema; examples?: Record<string, { value: Record<string, unknown> }> }
    >;
  };
  responses: Record<
    string,
    {
      headers: Record<string, unknown>;
      content: Record<string, { examples?: Record<string, { value: { error: object } }> }>;
    }
  >;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, { type: string; scheme: string }> };
};

describe('GET /openapi.json', () => {
  let models: TemporaryFolder;
  let service: TestService;
  let document: Document;
  let recording: Uint8Array;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, {
      hmm: true,
      grammars: { one: { description: 'One word', grammar: 'one' } },
    });
    await writeTinyModel(models.path, { name: 'another', seed: 8 });
    service = await startService(models.path, { SORI_MAX_BEAM_WIDTH: '300' });
    document = (await (await fetch(`${service.url}/openapi.json`)).json()) as Document;
    recording = await readFile(join(import.meta.dirname, '../fixtures/audio/reference.wav'));
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  const operation = (path: string, method = 'post') => document.paths[path]![method]!;

  it('is OpenAPI 3.1 that a validator finds nothing wrong with', async () => {
    expect(document.openapi).toBe('3.1.0');
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('has every route that the service has', () => {
    const documented = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(documented.sort()).toEqual(
      [
        'GET /livez',
        'GET /metrics',
        'GET /readyz',
        'GET /v1/models',
        'GET /v1/models/{id}',
        'POST /v1/audio/alignments',
        'POST /v1/audio/comparisons',
        'POST /v1/audio/emissions',
        'POST /v1/audio/transcriptions',
        'POST /v1/features/comparisons',
        'POST /v1/features/emissions',
        'POST /v1/features/transcriptions',
      ].sort(),
    );
    const served = service.app.printRoutes({ commonPrefix: false, includeHooks: false });
    for (const { path } of operations())
      expect(served).toContain(
        path
          .split('/')
          .at(-1)!
          .replace(/\{(\w+)\}/, ':$1'),
      );
    const ids = operations().map((one) => one.operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  const fields: [string, string[]][] = [
    [
      '/v1/audio/transcriptions',
      [
        ...['file', 'model', 'language', 'prompt', 'temperature', 'stream', 'response_format'],
        ...['timestamp_granularities', 'include', 'decoder', 'n_best', 'beam_width', 'hotwords'],
        'grammar',
      ],
    ],
    [
      '/v1/audio/comparisons',
      [
        ...['file', 'model', 'language', 'decoders', 'n_best', 'reference', 'beam_width'],
        ...['hotwords', 'grammar'],
      ],
    ],
    ['/v1/audio/alignments', ['file', 'model', 'language', 'text', 'method', 'include']],
    ['/v1/audio/emissions', ['file', 'model', 'language', 'acoustic_model']],
  ];
  it.each(fields)('has every field of %s, and no other', (path, names) => {
    const { schema } = operation(path).requestBody!.content['multipart/form-data']!;
    expect(Object.keys(schema.properties!).sort()).toEqual([...names].sort());
  });

  it('has three encodings of features, with the same options in the query as in JSON', () => {
    for (const { path, operation: one } of operations().filter(({ path }) =>
      /features/.test(path),
    )) {
      expect(Object.keys(one.requestBody!.content)).toEqual([
        'application/x-npy',
        'application/octet-stream',
        'application/json',
      ]);
      const inJson = Object.keys(one.requestBody!.content['application/json']!.schema.properties!);
      const inQuery = one.parameters.map(({ name }) => name);
      const ofBodies = ['features', 'hmm_features', 'frames', 'dims'];
      const options = (names: string[]) => names.filter((name) => !ofBodies.includes(name)).sort();
      expect(options(inQuery), path).toEqual(options(inJson));
    }
  });

  it('says of everything under /v1 that it may ask for an API key, and of nothing else', () => {
    const { securitySchemes } = document.components;
    expect(Object.entries(securitySchemes)).toEqual([
      ['apiKey', expect.objectContaining({ type: 'http', scheme: 'bearer' })],
    ]);
    for (const { path, operation: one } of operations()) {
      const isGuarded = path.startsWith('/v1/');
      expect(one.security, path).toEqual(isGuarded ? [{ apiKey: [] }, {}] : []);
      expect(Object.hasOwn(one.responses, '401'), path).toBe(isGuarded);
    }
  });

  it('gives ranges, defaults and choices as the service holds to them', () => {
    const { schema } = operation('/v1/audio/transcriptions').requestBody!.content[
      'multipart/form-data'
    ]!;
    expect(schema.properties).toMatchObject({
      n_best: { type: 'integer', minimum: 1, maximum: 100, default: 1 },
      beam_width: { type: 'integer', minimum: 1, maximum: 300 },
      hotwords: { type: 'array', minItems: 1, maxItems: 1000 },
      decoder: { enum: ['ctc_greedy', 'ctc_beam', 'hmm', 'hybrid'] },
      response_format: { default: 'json', enum: ['json', 'text', 'srt', 'vtt', 'verbose_json'] },
      timestamp_granularities: { default: ['segment'] },
      temperature: { type: 'number', minimum: 0, maximum: 1 },
      file: { type: 'string', format: 'binary' },
    });
  });

  it('says of every operation what it is, and of every error when it comes, with an example', () => {
    for (const { path, operation: one } of operations()) {
      expect(one.summary.length, path).toBeGreaterThan(3);
      expect(one.description.length, path).toBeGreaterThan(20);
      expect(one.tags, path).toHaveLength(1);
      for (const [status, { headers, content }] of Object.entries(one.responses)) {
        expect(headers, path).toHaveProperty('x-request-id');
        if (status === '200') continue;
        const examples = Object.entries(content['application/json']!.examples!);
        expect(examples.length).toBeGreaterThan(0);
        for (const [code, { value }] of examples) {
          expect(value.error).toMatchObject({ code, message: expect.any(String) });
          expect(String(errorTable[code as keyof typeof errorTable].status)).toBe(status);
        }
      }
    }
  });

  const answerSchemas: Readonly<Record<string, z.ZodType>> = {
    '/v1/audio/transcriptions': z.union([jsonAnswerSchema, verboseAnswerSchema]),
    '/v1/features/transcriptions': z.union([jsonAnswerSchema, verboseAnswerSchema]),
    '/v1/audio/comparisons': comparisonAnswerSchema,
    '/v1/features/comparisons': comparisonAnswerSchema,
    '/v1/audio/alignments': alignmentAnswerSchema,
    '/v1/models': modelListSchema,
    '/v1/models/{id}': modelViewSchema,
  };

  /** A good answer of a type that the document names for it, and if that is JSON of its schema. */
  async function expectAnswer(path: string, one: Operation, response: Response): Promise<void> {
    const body = new Uint8Array(await response.arrayBuffer());
    const text = Buffer.from(body).toString();
    expect([response.status, response.status === 200 || text]).toEqual([200, true]);
    const [contentType = ''] = (response.headers.get('content-type') ?? '').split(';');
    expect(Object.keys(one.responses['200']!.content)).toContain(contentType);
    for (const name of Object.keys(one.responses['200']!.headers))
      if (!contentType.endsWith('json')) expect(response.headers.has(name), name).toBe(true);
    const schema = answerSchemas[path];
    if (contentType !== 'application/json' || schema === undefined) return;
    expect(schema.safeParse(JSON.parse(text)).error).toBeUndefined();
  }

  it('has examples of forms that are answered as it says', async () => {
    let count = 0;
    for (const { path, operation: one } of operations()) {
      const examples = one.requestBody?.content['multipart/form-data']?.examples ?? {};
      for (const { value } of Object.values(examples)) {
        const form = new FormData();
        form.append('file', new Blob([recording.slice()]), 'a.wav');
        for (const [name, field] of Object.entries(value))
          for (const item of [field].flat()) form.append(name, String(item));
        const response = await fetch(`${service.url}${path}`, { method: 'POST', body: form });
        await expectAnswer(path, one, response);
        count++;
      }
    }
    expect(count).toBeGreaterThan(10);
  });

  it('has examples of JSON that are answered as it says', async () => {
    let count = 0;
    for (const { path, operation: one } of operations()) {
      const examples = one.requestBody?.content['application/json']?.examples ?? {};
      for (const { value } of Object.values(examples)) {
        const response = await fetch(`${service.url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(value),
        });
        await expectAnswer(path, one, response);
        count++;
      }
    }
    expect(count).toBeGreaterThan(3);
  });

  it('has examples of parameters that are answered as it says', async () => {
    for (const { path, method, operation: one } of operations()) {
      const known = one.parameters.filter(({ example }) => example !== undefined);
      const inQuery = known.filter((parameter) => parameter.in === 'query');
      const place = known
        .filter((parameter) => parameter.in === 'path')
        .reduce((so, { name, example }) => so.replace(`{${name}}`, String(example)), path);
      if (method === 'get') {
        await expectAnswer(path, one, await fetch(service.url + place));
      } else if (inQuery.length > 0) {
        const query = new URLSearchParams(
          inQuery.map(({ name, example }): [string, string] => [name, String(example)]),
        );
        query.set('model', 'another');
        const size = 4 * Number(query.get('frames')) * Number(query.get('dims'));
        const response = await fetch(`${service.url}${path}?${query}`, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body: new Uint8Array(size),
        });
        await expectAnswer(path, one, response);
      }
    }
  });

  it('lists the errors that requests are refused with', async () => {
    const post = async (path: string, contentType: string, body: string | FormData) => {
      const init = typeof body === 'string' ? { headers: { 'content-type': contentType } } : {};
      const response = await fetch(service.url + path, { method: 'POST', body, ...init });
      const { code } = await errorOf(response);
      const [bare = ''] = path.split('?');
      const listed =
        operation(bare).responses[String(response.status)]?.content['application/json'];
      expect(Object.keys(listed?.examples ?? {}), `${path} ${code}`).toContain(code);
      return code;
    };
    const form = (fields: Record<string, string>, file: Uint8Array = recording) => {
      const data = new FormData();
      for (const [name, value] of Object.entries(fields)) data.append(name, value);
      data.append('file', new Blob([file.slice()]), 'a.wav');
      return data;
    };
    const codes = new Set<string>();
    for (const route of ['transcriptions', 'comparisons', 'alignments', 'emissions']) {
      const path = `/v1/audio/${route}`;
      const needed: Record<string, string> = route === 'alignments' ? { text: 'one' } : {};
      codes.add(await post(path, 'text/plain', 'x'));
      codes.add(await post(path, '', form({ ...needed, model: 'none' })));
      codes.add(await post(path, '', form({ ...needed, model: 'tiny', colour: 'red' })));
      codes.add(await post(path, '', form({ ...needed, model: 'tiny' }, Buffer.from('no audio'))));
    }
    const eleven = form({ model: 'tiny', text: 'eleven' });
    codes.add(await post('/v1/audio/alignments', '', eleven));
    for (const route of ['transcriptions', 'comparisons', 'emissions']) {
      const path = `/v1/features/${route}`;
      const json = (fields: object) =>
        JSON.stringify({ model: 'tiny', features: [[1]], ...fields });
      codes.add(await post(path, 'text/plain', 'x'));
      codes.add(await post(path, 'application/json', '{'));
      codes.add(await post(path, 'application/json', json({})));
      codes.add(await post(path, 'application/json', json({ model: 'none' })));
    }
    expect([...codes].sort()).toEqual([
      'invalid_features',
      'invalid_request',
      'model_not_found',
      'unalignable_text',
      'undecodable_audio',
      'unsupported_media_type',
    ]);
  });
});

describe('GET /docs', () => {
  let models: TemporaryFolder;
  let service: TestService;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path);
    service = await startService(models.path);
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  it('is a page whose scripts this server serves, and that no other may be asked for', async () => {
    const page = await fetch(`${service.url}/docs`);
    expect(page.status).toBe(200);
    const html = await page.text();
    const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!);
    expect(sources).toHaveLength(2);
    for (const source of sources) {
      const url = new URL(source, page.url);
      expect(url.origin).toBe(service.url);
      const part = await fetch(url);
      expect(part.status).toBe(200);
      const length = (await part.text()).length;
      if (source.endsWith('.js')) expect(length).toBeGreaterThan(100_000);
    }
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
    for (const [, attributes] of html.matchAll(/<(?:script|style)\b([^>]*)>/g))
      expect(attributes).toContain(`nonce="${nonce}"`);
    expect(policy.split('; ').find((part) => part.startsWith('script-src '))).not.toContain(
      'unsafe',
    );
  });

  it.each(['[', 'a b', ''])('blames a client whose header host is "%s"', async (host) => {
    for (const path of ['/docs', '/docs/']) {
      const { socket, received } = await openConnection(service.url);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      const text = await received;
      expect(statusesOf(text)).toEqual([400]);
      expect(text).toContain('"code":"invalid_request"');
    }
  });
});
