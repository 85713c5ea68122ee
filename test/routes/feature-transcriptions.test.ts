import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import { npyBody, rawBody, rowsOf } from '../support/feature-bodies.ts';
import { syntheticWav, syntheticWaveform } from '../support/recording.ts';
import { errorOf, postRecording, startTinyService, type TestService } from '../support/service.ts';
import { tinyRecipe } from '../support/tiny-model.ts';

const dims = 24;
const formats = {
  json: 'application/json',
  npy: 'application/x-npy',
  raw: 'application/octet-stream',
};

describe('POST /v1/features/transcriptions', () => {
  const extractor = new FeatureExtractor(tinyRecipe);
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{}], {
      SORI_MAX_AUDIO_SECONDS: '10',
      SORI_MAX_BODY_BYTES: '600000',
    });
  });
  afterAll(() => service.close());

  function post(contentType: string, body: string | Uint8Array, query = ''): Promise<Response> {
    return fetch(`${service.url}/v1/features/transcriptions${query}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: typeof body === 'string' ? body : body.slice(),
    });
  }

  // 16-bit samples come back from a WAV as these do.
  const waveform = syntheticWaveform({ seconds: 2.5, seed: 9 });
  const samples = waveform.samples.map((x) => Math.round(x * 32767) / 32768);
  const matrix = extractor.extract(samples);

  it('answers alike for JSON, npy of both widths and bare float32', async () => {
    const query = `?frames=${matrix.frames}&dims=${dims}`;
    const json = JSON.stringify({ model: 'tiny', features: rowsOf(matrix) });
    const responses = await Promise.all([
      post(formats.json, json),
      post(formats.npy, npyBody(matrix, { descr: '<f4' })),
      post(formats.npy, npyBody(matrix, { descr: '<f8' }), '?model=tiny'),
      post(formats.raw, rawBody(matrix), query),
      post(`${formats.json}; charset=utf-8`, json),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const answers = await Promise.all(responses.map((response) => response.json()));
    expect(answers[0]).toMatchObject({
      text: expect.stringMatching(/[a-z]/),
      model: { id: 'tiny' },
      decoder: 'ctc_greedy',
      duration: Math.round(matrix.frames * 20) / 1000,
    });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('answers for a recording’s features as for the recording', async () => {
    const recording = await postRecording(service, syntheticWav({ seconds: 2.5, seed: 9 }));
    const { text, confidence } = (await recording.json()) as { text: string; confidence: number };
    const features = await (await post(formats.npy, npyBody(matrix, {}))).json();
    expect(features).toMatchObject({ text });
    expect((features as { confidence: number }).confidence).toBeCloseTo(confidence, 2);
  });

  it('says where the options of a JSON body stand', async () => {
    const body = JSON.stringify({ features: rowsOf(matrix) });
    const response = await post(formats.json, body, '?decoder=ctc_greedy');
    expect(await errorOf(response)).toMatchObject({
      message: 'unknown field "decoder" in the query: the options stand in the JSON body',
    });
  });

  it('takes its options from the JSON body, or from the query of a binary one', async () => {
    const options = { response_format: 'verbose_json', timestamp_granularities: ['word'] };
    const fromBody = await post(
      formats.json,
      JSON.stringify({ features: rowsOf(matrix), ...options }),
    );
    const query = '?response_format=verbose_json&timestamp_granularities[]=word';
    const fromQuery = await post(formats.npy, npyBody(matrix, {}), query);
    const [a, b] = (await Promise.all([fromBody.json(), fromQuery.json()])) as { words: unknown }[];
    expect(a!.words).toEqual(b!.words);
    expect(a!.words).toHaveLength((a as unknown as { text: string }).text.split(' ').length);
    const text = await post(formats.npy, npyBody(matrix, {}), '?response_format=text');
    expect(await text.text()).toBe(`${(a as unknown as { text: string }).text}\n`);
  });

  const row = Array(dims).fill(0.5) as number[];
  const rows = (count: number) => JSON.stringify({ features: Array(count).fill(row) });
  const raw = rawBody({ frames: 2, dims, values: new Float32Array(2 * dims) });
  const nan = rawBody({ frames: 1, dims, values: new Float32Array(dims).fill(Number.NaN) });

  const cases: [string, string, string | Uint8Array, string, number, string, string | null][] = [
    ['JSON that is none', 'json', '{"features": [[', '', 400, 'invalid_request', null],
    ['a JSON array', 'json', '[[1,2]]', '', 400, 'invalid_request', null],
    ['an empty JSON body', 'json', '', '', 400, 'invalid_request', null],
    ['no features', 'json', '{}', '', 400, 'invalid_request', 'features'],
    ['an empty matrix', 'json', '{"features": []}', '', 400, 'invalid_features', 'features'],
    ['an empty row', 'json', '{"features": [[]]}', '', 400, 'invalid_features', 'features'],
    ['narrow rows', 'json', '{"features": [[1,2]]}', '', 400, 'invalid_features', 'features'],
    [
      'ragged rows',
      'json',
      JSON.stringify({ features: [row, row.slice(1)] }),
      '',
      400,
      'invalid_features',
      'features',
    ],
    [
      'a number beyond float32',
      'json',
      JSON.stringify({ features: [[...row.slice(1), 1e39]] }),
      '',
      400,
      'invalid_features',
      'features',
    ],
    [
      'null for a number',
      'json',
      JSON.stringify({ features: [[...row.slice(1), null]] }),
      '',
      400,
      'invalid_features',
      'features',
    ],
    ['too many frames', 'json', rows(501), '', 413, 'too_many_frames', 'features'],
    [
      'an unknown field',
      'json',
      JSON.stringify({ features: [row], beam: 3 }),
      '',
      400,
      'invalid_request',
      'beam',
    ],
    [
      'an unknown model',
      'json',
      JSON.stringify({ features: [row], model: 'no' }),
      '',
      404,
      'model_not_found',
      'model',
    ],
    [
      'words without verbose_json',
      'json',
      JSON.stringify({ features: [row], timestamp_granularities: ['word'] }),
      '',
      400,
      'invalid_request',
      'timestamp_granularities',
    ],
    [
      'options in the query of JSON',
      'json',
      rows(1),
      '?model=tiny',
      400,
      'invalid_request',
      'model',
    ],
    ['npy that is none', 'npy', 'hello', '', 400, 'invalid_features', 'features'],
    ['an empty npy body', 'npy', '', '', 400, 'invalid_features', 'features'],
    ['an unknown query', 'npy', npyBody(matrix, {}), '?beam=3', 400, 'invalid_request', 'beam'],
    ['an unknown model', 'npy', npyBody(matrix, {}), '?model=no', 404, 'model_not_found', 'model'],
    ['bracketed model', 'npy', raw, '?model[]=tiny', 400, 'invalid_request', 'model[]'],
    ['two models', 'npy', raw, '?model=tiny&model=tiny', 400, 'invalid_request', 'model'],
    ['numbers without a shape', 'raw', raw, '', 400, 'invalid_request', 'frames'],
    ['half a shape', 'raw', raw, '?frames=2', 400, 'invalid_request', 'dims'],
    ['a negative shape', 'raw', raw, '?frames=-2&dims=24', 400, 'invalid_request', 'frames'],
    ['a short body', 'raw', raw, '?frames=3&dims=24', 400, 'invalid_features', 'features'],
    ['a long body', 'raw', raw, '?frames=1&dims=24', 400, 'invalid_features', 'features'],
    ['another width', 'raw', raw, '?frames=4&dims=12', 400, 'invalid_features', 'features'],
    ['no frames', 'raw', '', '?frames=0&dims=24', 400, 'invalid_features', 'features'],
    ['NaN', 'raw', nan, '?frames=1&dims=24', 400, 'invalid_features', 'features'],
    ['too many frames', 'raw', raw, '?frames=501&dims=24', 413, 'too_many_frames', 'features'],
    ['a body over the limit', 'raw', new Uint8Array(600_001), '', 413, 'body_too_large', null],
  ];
  it.each(cases)('refuses %s (%s)', async (_, format, body, query, status, code, param) => {
    const response = await post(formats[format as keyof typeof formats], body, query);
    const error = await errorOf(response);
    expect([response.status, error.code, error.param]).toEqual([status, code, param]);
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toMatch(/./);
  });

  it('joins the granularities of both spellings', async () => {
    const names = ['timestamp_granularities[]=word', 'timestamp_granularities=segment'];
    for (const given of [names, names.toReversed()]) {
      const query = `?response_format=verbose_json&${given.join('&')}`;
      const answer = await (await post(formats.npy, npyBody(matrix, {}), query)).json();
      expect(answer).toMatchObject({ words: expect.any(Array), segments: expect.any(Array) });
    }
  });

  it('says in plain words what it expected', async () => {
    const messages = await Promise.all(
      ['', '?frames=x&dims=24', '?frames=1&frames=2&dims=24'].map(
        async (query) => (await errorOf(await post(formats.raw, raw, query))).message,
      ),
    );
    expect(messages).toEqual([
      'missing field frames: expected a whole number',
      'frames: expected a whole number, got "x"',
      'frames: expected a whole number, got ["1","2"]',
    ]);
  });

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/x-npz'])(
    'refuses the content type %s',
    async (contentType) => {
      const response = await post(contentType, raw);
      expect(response.status).toBe(415);
      expect(await errorOf(response)).toMatchObject({ code: 'unsupported_media_type' });
    },
  );

  it('refuses a request without a body', async () => {
    const response = await fetch(`${service.url}/v1/features/transcriptions`, { method: 'POST' });
    expect(response.status).toBe(415);
  });
});
