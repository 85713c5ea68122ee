import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, startService, type TestService } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

describe('the routes around transcription', () => {
  let models: TemporaryFolder;
  let service: TestService;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { name: 'first' });
    await writeTinyModel(models.path, { name: 'second', seed: 8 });
    service = await startService(models.path, { SORI_DEADLINE_SECONDS: '20' });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  const get = (path: string, init?: RequestInit) => fetch(`${service.url}${path}`, init);

  it('lists the models in OpenAI’s shape, with what there is to know of each', async () => {
    const list = (await (await get('/v1/models')).json()) as { data: { id: string }[] };
    expect(list).toMatchObject({ object: 'list' });
    expect(list.data.map(({ id }) => id)).toEqual(['first', 'second']);
    expect(list.data[1]).toEqual({
      id: 'second',
      object: 'model',
      created: expect.any(Number),
      owned_by: 'sori',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      files: [{ name: 'ctc.onnx', sha256: expect.any(String), bytes: expect.any(Number) }],
      description: 'Random weights, for tests',
      language: 'en',
      labels: 8,
      alphabet: {
        kind: 'words',
        labels: ['<blank>', '<other>', 'zero', 'one', 'two', 'three', 'four', 'five'],
        blank: 0,
        filler: 1,
      },
      grammars: [],
      architecture: { cell: 'lstm', bidirectional: true, layers: 1, hidden: 8 },
      features: { kind: 'log-mel', sample_rate_hz: 8000, dims: 24, frame_shift_seconds: 0.02 },
      hmm: null,
      hybrid: null,
      decoders: ['ctc_greedy', 'ctc_beam'],
      aligners: ['ctc'],
      limits: {
        max_body_bytes: 26_214_400,
        max_audio_seconds: 600,
        max_frames: 30_000,
        max_n_best: 100,
        max_beam_width: 1000,
        max_hotwords: 1000,
        max_grammar_size: 10_000,
        max_text_characters: 10_000,
        max_aligned_words: 3000,
        queue: 64,
        batch: 8,
        deadline_seconds: 20,
      },
      summary: null,
      error_rates: [],
    });
    expect(await (await get('/v1/models/second')).json()).toEqual(list.data[1]);
  });

  it.each([
    'third',
    '',
    'x'.repeat(2000),
    '..%2Ffirst',
    'first%00',
    encodeURIComponent('../../etc'),
  ])('has no model %s', async (id) => {
    const response = await get(`/v1/models/${id}`);
    expect(response.status).toBe(404);
    const { message, ...error } = await errorOf(response);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
    expect(message.length).toBeLessThan(200);
  });

  it.each(['/v1/models', '/v1/models/first'])(
    'refuses a query that %s does not have',
    async (path) => {
      const response = await get(`${path}?limit=1`);
      expect(response.status).toBe(400);
      expect(await errorOf(response)).toMatchObject({ code: 'invalid_request', param: 'limit' });
    },
  );

  it('wants a model named where there are several and no default', async () => {
    const body = JSON.stringify({ features: [Array(24).fill(0)] });
    const headers = { 'content-type': 'application/json' };
    const response = await get('/v1/features/transcriptions', { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({
      message: 'missing field model: expected one of first, second',
      param: 'model',
    });
  });

  it('is alive and ready', async () => {
    expect(await (await get('/livez')).json()).toEqual({ status: 'alive' });
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready' });
  });

  it.each<[string, string, number, string]>([
    ['GET', '/nowhere', 404, 'not_found'],
    ['POST', '/v1/audio/translations', 404, 'not_found'],
    ['GET', '/v1', 404, 'not_found'],
    ['GET', '/v1/models/a/b', 404, 'not_found'],
    ['GET', '/v1/audio/transcriptions', 405, 'method_not_allowed'],
    ['PUT', '/v1/features/transcriptions', 405, 'method_not_allowed'],
    ['DELETE', '/v1/models/first', 405, 'method_not_allowed'],
    ['POST', '/livez', 405, 'method_not_allowed'],
    ['GET', '/%zz', 400, 'invalid_request'],
  ])('answers %s %s in the one error body', async (method, path, status, code) => {
    const response = await get(path, { method });
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toEqual({
      message: expect.stringMatching(/./),
      type: 'invalid_request_error',
      param: null,
      code,
    });
    if (status === 405) expect(response.headers.get('allow')).toMatch(/GET|POST/);
  });

  it('answers what is not HTTP in the one error body, and lives on', async () => {
    const { connect } = await import('node:net');
    const { hostname, port } = new URL(service.url);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname, () => socket.write('nonsense\r\n\r\n'));
      socket.on('data', (bytes) => {
        text += bytes;
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*"code":"invalid_request"/s);
    expect((await get('/livez')).status).toBe(200);
  });
});
