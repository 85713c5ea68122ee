import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import { Random } from '../../src/math/random.ts';
import { buildSilentFlac, buildWav } from '../audio/build.ts';
import { npyBody } from '../support/feature-bodies.ts';
import { syntheticWav, syntheticWaveform } from '../support/recording.ts';
import {
  errorOf,
  postAudio,
  postRecording,
  startService,
  startTinyService,
  type TestService,
} from '../support/service.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const dims = 24;

describe('the service, given', () => {
  const speech = syntheticWav({ seconds: 2, seed: 1 });
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }]);
  });
  afterAll(() => service.close());

  function postFeatures(
    contentType: string,
    body: string | Uint8Array,
    query = '',
  ): Promise<Response> {
    return fetch(`${service.url}/v1/features/transcriptions${query}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: typeof body === 'string' ? body : body.slice(),
    });
  }

  async function refusalOf(response: Response): Promise<[number, string, string | null]> {
    const { code, param } = await errorOf(response);
    return [response.status, code, param];
  }

  async function expectAlive(): Promise<void> {
    expect((await postRecording(service, speech)).status).toBe(200);
  }

  it('an empty body, of every route and content type, blames the client', async () => {
    const paths = ['transcriptions', 'comparisons', 'alignments', 'emissions'];
    const requests = paths.flatMap((path) => [
      [`audio/${path}`, 'multipart/form-data; boundary=x'] as const,
      ...['application/json', 'application/x-npy', 'application/octet-stream'].map(
        (contentType) => [`features/${path}`, contentType] as const,
      ),
    ]);
    for (const [path, contentType] of requests.filter(([path]) => path !== 'features/alignments')) {
      const headers = { 'content-type': contentType };
      const init = { method: 'POST', headers, body: '' };
      const response = await fetch(`${service.url}/v1/${path}`, init);
      expect([path, contentType, response.status]).toEqual([path, contentType, 400]);
    }
  });

  it('one sample, has nothing to say', async () => {
    const samples = Float32Array.of(0.5);
    for (const decoder of ['ctc_greedy', 'ctc_beam', 'hmm']) {
      const wav = encodeWav({ sampleRateHz: 8000, samples });
      const response = await postRecording(service, wav, { decoder });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ text: '', decoder });
    }
  });

  it('ten minutes, answers; and one sample more is too long', async () => {
    const { samples: heard, sampleRateHz } = syntheticWaveform({ seconds: 5, seed: 3 });
    const limit = 600 * sampleRateHz;
    const samples = new Float32Array(limit + 1);
    samples.set(heard);
    samples.set(heard, limit - heard.length);
    const wav = (length: number) =>
      encodeWav({ sampleRateHz, samples: samples.subarray(0, length) });
    const response = await postRecording(service, wav(limit));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      duration: 600,
      text: expect.stringMatching(/./),
    });
    const refused = await postRecording(service, wav(limit + 1));
    expect(await refusalOf(refused)).toEqual([413, 'audio_too_long', 'file']);
  });

  it.each<[string, string, string | Uint8Array]>([
    ['NaN in JSON', 'application/json', `{"features": [[${Array(dims).fill('NaN')}]]}`],
    ['Infinity in JSON', 'application/json', `{"features": [[${Array(dims).fill('Infinity')}]]}`],
    ['1e999 in JSON', 'application/json', `{"features": [[${Array(dims).fill('1e999')}]]}`],
    [
      'NaN in npy',
      'application/x-npy',
      npyBody({ frames: 1, dims, values: new Float32Array(dims).fill(Number.NaN) }, {}),
    ],
    [
      '−∞ among float64',
      'application/x-npy',
      npyBody(
        { frames: 1, dims, values: new Float64Array(dims).fill(Number.NEGATIVE_INFINITY) },
        { descr: '<f8' },
      ),
    ],
  ])('%s, refuses it', async (_, contentType, body) => {
    const response = await postFeatures(contentType, body);
    expect(response.status).toBe(400);
    expect((await errorOf(response)).code).toMatch(/^invalid_(?:features|request)$/);
  });

  it('NaN and infinity as samples, refuses the recording', async () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const data = new Uint8Array(Float32Array.from({ length: 8000 }, () => value).buffer);
      const response = await postRecording(service, buildWav({ tag: 3, bits: 32, data }));
      expect(await refusalOf(response)).toEqual([422, 'undecodable_audio', 'file']);
    }
  });

  it('days of silence in a FLAC of some kilobytes, refuses it in little memory', async () => {
    const bomb = buildSilentFlac(60_000, 0);
    expect(bomb.length).toBeLessThan(1.5e6);
    const before = process.memoryUsage.rss();
    for (let round = 0; round < 3; round++) {
      const response = await postRecording(service, bomb);
      expect(await refusalOf(response)).toEqual([413, 'audio_too_long', 'file']);
    }
    // Ten minutes of samples, which is what is decoded before it is refused, are 77 MB; days are 10 GB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(400e6);
  });

  it.each<[string, Uint8Array]>([
    ['claims more samples than it has', buildWav({ dataBytes: 100_000_000 })],
    ['claims days of samples', buildWav({ dataBytes: 1_500_000_000 })],
    ['claims a rate of nothing', buildWav({ rateHz: 0 })],
    ['claims a rate of four billion', buildWav({ rateHz: 2 ** 32 - 1 })],
    ['claims no channels', buildWav({ channels: 0 })],
    ['claims 65 535 channels', buildWav({ channels: 65_535 })],
    ['claims blocks of no bytes', buildWav({ blockBytes: 0 })],
    ['claims samples of 65 bits', buildWav({ bits: 65 })],
  ])('a WAV that %s, blames it, and lives on', async (_, wav) => {
    const response = await postRecording(service, wav);
    expect([413, 422]).toContain(response.status);
    expect((await errorOf(response)).param).toBe('file');
    await expectAlive();
  });

  it.each(['(9007199254740991, 24)', '(4294967296, 4294967296)', '(1, -24)', '(24,)', '(1e9, 24)'])(
    'an npy header with the shape %s over 24 numbers, refuses it at once',
    async (shape) => {
      const matrix = { frames: 1, dims, values: new Float32Array(dims) };
      const response = await postFeatures('application/x-npy', npyBody(matrix, { shape }));
      expect([400, 413]).toContain(response.status);
      expect((await errorOf(response)).param).toBe('features');
    },
  );

  it('a hundred malformed forms, refuses each and lives on', async () => {
    const disposition = 'content-disposition: form-data';
    const whole = `--x\r\n${disposition}; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n--x--\r\n`;
    const lastBoundary = whole.lastIndexOf('--x--');
    const cut = Array.from({ length: 40 }, (_, index) =>
      whole.slice(0, Math.floor((index * lastBoundary) / 39)),
    );
    const heads = [
      '',
      '\r\n',
      ':',
      'content-disposition',
      'content-disposition:',
      'content-disposition: attachment; name="file"; filename="a.wav"',
      disposition,
      `${disposition}; name`,
      `${disposition}; name=""; filename="a.wav"`,
      `${disposition}; name="file`,
      `${disposition}; name="file"`,
      `${disposition}; name="file"; filename="a.wav"\r\n${disposition}; name="file"`,
      `${disposition}; name="file"; filename*=utf-8''%zz`,
      `${disposition}; name="__proto__"; filename="a.wav"`,
      `x: ${'y'.repeat(100_000)}`,
    ];
    const tails = ['RIFF\r\n--x--', '\r\n--x\r\n\r\n--x--', '\r\n--y--', '--x--\r\n--x--'];
    const odd = heads.flatMap((head) => tails.map((tail) => `--x\r\n${head}\r\n\r\n${tail}`));
    const bodies = [...cut, ...odd];
    expect(bodies).toHaveLength(100);
    for (const body of bodies) {
      const headers = { 'content-type': 'multipart/form-data; boundary=x' };
      const init = { method: 'POST', headers, body };
      const response = await fetch(`${service.url}/v1/audio/transcriptions`, init);
      const { code } = await errorOf(response);
      // Of some a file can be made out; it is no recording.
      const refusals = ['400 invalid_request', '422 undecodable_audio'];
      expect(refusals, body.slice(0, 200)).toContain(`${response.status} ${code}`);
    }
    await expectAlive();
  });

  it('paths as names of models, finds none, wherever they stand', async () => {
    const tricks = [
      '..',
      '../tiny',
      'tiny/../tiny',
      './tiny',
      'tiny/',
      '/etc/passwd',
      '..\\tiny',
      'tiny\u0000',
      'TINY',
      'tiny.',
      'file:///etc/passwd',
      '%2e%2e%2ftiny',
      '․․/tiny',
      '__proto__',
      'constructor',
      'tiny'.repeat(1000),
    ];
    const features = [Array(dims).fill(0)];
    const npy = npyBody({ frames: 1, dims, values: new Float32Array(dims) }, {});
    for (const model of tricks) {
      const name = encodeURIComponent(model);
      const responses = await Promise.all([
        postRecording(service, speech, { model }),
        postFeatures('application/json', JSON.stringify({ model, features })),
        postFeatures('application/x-npy', npy, `?model=${name}`),
        // As a client library writes it; `..` alone would be resolved before it is sent.
        fetch(`${service.url}/v1/models/${model === '..' ? '%252e%252e' : name}`),
      ]);
      for (const response of responses)
        expect([model, ...(await refusalOf(response))]).toEqual([
          model,
          404,
          'model_not_found',
          'model',
        ]);
    }
  });

  it('a field or a value that no route knows, names it', async () => {
    const npy = npyBody({ frames: 1, dims, values: new Float32Array(dims) }, {});
    const routes = ['transcriptions', 'comparisons', 'emissions'];
    const known = [
      ['audio/alignments', 'method'],
      ['audio/emissions', 'acoustic_model'],
      ['features/comparisons', 'features_for'],
      ['features/comparisons', 'decoders'],
    ] as const;
    const unknown = [...routes.map((route) => `features/${route}`), 'audio/alignments'].map(
      (path) => [path, 'magic'] as const,
    );
    for (const [path, field] of [...known, ...unknown]) {
      const response = path.startsWith('audio')
        ? await postAudio(service, path.slice(6) as 'alignments', speech, {
            ...(path.endsWith('alignments') && { text: 'one' }),
            [field]: 'magic',
          })
        : await fetch(`${service.url}/v1/${path}?${field}=magic`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-npy' },
            body: npy.slice(),
          });
      expect(await refusalOf(response)).toEqual([400, 'invalid_request', field]);
    }
  });

  it('JSON that is nested a hundred thousand deep, in any field, refuses it and lives on', async () => {
    const depth = 100_000;
    const nests = [
      ['['.repeat(depth), ']'.repeat(depth)],
      ['{"a":'.repeat(depth) + 1, '}'.repeat(depth)],
    ] as const;
    const features = JSON.stringify([Array(dims).fill(0)]);
    for (const [opened, closed] of nests)
      for (const nest of [opened, opened + closed])
        for (const field of ['features', 'model', 'hotwords', 'grammar', 'reference', 'magic']) {
          const besides = field === 'features' ? '' : `"features": ${features}, `;
          const response = await postFeatures(
            'application/json',
            `{${besides}"${field}": ${nest}}`,
          );
          expect([field, response.status]).toEqual([field, 400]);
        }
    await expectAlive();
  });

  it('the names of JavaScript’s own properties as fields, refuses them and is none other', async () => {
    const features = JSON.stringify([Array(dims).fill(0)]);
    for (const key of ['__proto__', 'constructor', 'prototype', 'toString', '\\u005f_proto__']) {
      const inside = `{"isPolluted": true, "model": "tiny"}`;
      const bodies = [
        `{"features": ${features}, "${key}": ${inside}}`,
        `{"features": ${features}, "hotwords": [{"phrase": "one", "${key}": ${inside}}]}`,
        `{"features": ${features}, "grammar": {"repeat": "one", "${key}": ${inside}}}`,
      ];
      for (const body of bodies)
        expect((await postFeatures('application/json', body)).status, body).toBe(400);
    }
    for (const key of ['__proto__', '__proto__[isPolluted]', 'constructor.prototype.isPolluted']) {
      const form = await postRecording(service, speech, { [key]: 'true' });
      expect(form.status, key).toBe(400);
      const npy = npyBody({ frames: 1, dims, values: new Float32Array(dims) }, {});
      const query = `?${encodeURIComponent(key)}=true`;
      expect((await postFeatures('application/x-npy', npy, query)).status, key).toBe(400);
    }
    expect({}).not.toHaveProperty('isPolluted');
    await expectAlive();
  });
});

describe('the service that is shipped, given silence', () => {
  it('has nothing to say, and never what the last caller said', async () => {
    const service = await startService(here('../../models'));
    try {
      const speech = await readFile(here('../fixtures/audio/reference.wav'));
      const random = new Random(5);
      const hiss = Float32Array.from({ length: 16_000 }, () => random.uniform(-1e-3, 1e-3));
      for (const decoder of ['ctc_greedy', 'ctc_beam', 'hmm'])
        for (const samples of [new Float32Array(16_000), hiss]) {
          const spoken = await postRecording(service, speech, { decoder });
          const silent = encodeWav({ sampleRateHz: 8000, samples });
          const answer = await postRecording(service, silent, { decoder });
          expect(await spoken.json()).toMatchObject({ text: expect.stringMatching(/[a-z]/) });
          expect(await answer.json()).toMatchObject({ text: '', duration: 2 });
        }
    } finally {
      await service.close();
    }
  });
});
