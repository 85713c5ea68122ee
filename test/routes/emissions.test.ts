import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import { parseNpyFeatures } from '../../src/recognition/feature-bodies/npy.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { npyBody, rawBody, rowsOf } from '../support/feature-bodies.ts';
import { syntheticWav, syntheticWaveform } from '../support/recording.ts';
import { errorOf, recordingForm, startTinyService, type TestService } from '../support/service.ts';
import { tinyHmmRecipe, tinyRecipe } from '../support/tiny-model.ts';

describe('emissions of an acoustic model', () => {
  const wav = syntheticWav({ seconds: 1.2, seed: 5 });
  const features = new FeatureExtractor(tinyRecipe).extract(
    syntheticWaveform({ seconds: 1.2, seed: 5 }).samples,
  );
  let service: TestService;
  let recognizer: Recognizer;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }, { name: 'without' }], {
      SORI_DEFAULT_MODEL: 'tiny',
      SORI_MAX_AUDIO_SECONDS: '10',
    });
    recognizer = await Recognizer.load(
      await loadModelFolder(join(service.config.modelsDirectory, 'tiny')),
    );
  });
  afterAll(() => service.close());

  const hear = (fields: Record<string, string> = {}, file: Uint8Array = wav) =>
    fetch(`${service.url}/v1/audio/emissions`, {
      method: 'POST',
      body: recordingForm(file, fields),
    });
  const matrixOf = async (response: Response, dims: number) =>
    parseNpyFeatures(new Uint8Array(await response.arrayBuffer()), { dims, maxFrames: 10_000 });

  it('of CTC are the numbers that its decoders read, with what the columns are', async () => {
    const response = await hear();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-npy');
    const { ctc, alphabet } = recognizer.manifest;
    const { headers } = response;
    expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-sori-')))).toEqual(
      {
        'x-sori-model': 'tiny',
        'x-sori-model-sha256': ctc.sha256,
        'x-sori-acoustic-model': 'ctc',
        'x-sori-duration': '1.2',
        'x-sori-frame-shift': '0.02',
        'x-sori-labels': JSON.stringify(alphabet.labels),
        'x-sori-blank': '0',
      },
    );
    const matrix = await matrixOf(response, alphabet.labels.length);
    const { emissions } = await recognizer.hearRecording(wav, {
      acousticModel: 'ctc',
      maxSeconds: 10,
    });
    expect(matrix.frames).toBe(emissions.frames);
    expect(matrix.values).toEqual(emissions.logProbs);
    for (let t = 0; t < matrix.frames; t++) {
      const row = matrix.values.subarray(t * matrix.dims, (t + 1) * matrix.dims);
      expect(row.reduce((sum, logProb) => sum + Math.exp(logProb), 0)).toBeCloseTo(1, 5);
    }
  });

  it('of the HMM are one column a state, at its own pace', async () => {
    const response = await hear({ acoustic_model: 'hmm' });
    expect(response.headers.get('x-sori-frame-shift')).toBe('0.01');
    const names = JSON.parse(response.headers.get('x-sori-labels')!) as string[];
    expect(names).toEqual(recognizer.pass('hmm').columns);
    expect(names).toContain('one/0');
    expect(response.headers.get('x-sori-blank')).toBeNull();
    const { emissions } = await recognizer.hearRecording(wav, {
      acousticModel: 'hmm',
      maxSeconds: 10,
    });
    expect(emissions.units).toBe(names.length);
    expect((await matrixOf(response, emissions.units)).values).toEqual(emissions.logProbs);
  });

  it('are the same of features, in all three encodings', async () => {
    const post = (contentType: string, body: string | Uint8Array, query = '') =>
      fetch(`${service.url}/v1/features/emissions${query}`, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: typeof body === 'string' ? body : body.slice(),
      });
    const { frames, dims } = features;
    const answers = await Promise.all([
      post('application/json', JSON.stringify({ features: rowsOf(features) })),
      post('application/x-npy', npyBody(features, {}), '?model=tiny'),
      post('application/octet-stream', rawBody(features), `?frames=${frames}&dims=${dims}`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const bodies = await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    const { emissions } = await recognizer.hearFeatures(features, { acousticModel: 'ctc' });
    for (const body of bodies) {
      const demands = { dims: emissions.units, maxFrames: 1000 };
      expect(parseNpyFeatures(new Uint8Array(body), demands).values).toEqual(emissions.logProbs);
    }
  });

  it('read features of the HMM where they are said to be', async () => {
    const waveform = syntheticWaveform({ seconds: 1, seed: 3, sampleRateHz: 16_000 });
    const matrix = new FeatureExtractor(tinyHmmRecipe).extract(waveform.samples);
    const response = await fetch(`${service.url}/v1/features/emissions?acoustic_model=hmm`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-npy' },
      body: npyBody(matrix, {}).slice(),
    });
    expect(response.headers.get('x-sori-acoustic-model')).toBe('hmm');
    const { emissions } = await recognizer.hearFeatures(matrix, { acousticModel: 'hmm' });
    expect((await matrixOf(response, emissions.units)).values).toEqual(emissions.logProbs);
  });

  it.each<[string, Record<string, string>, string]>([
    ['an acoustic model that there is not', { acoustic_model: 'rnn' }, 'acoustic_model'],
    ['one that the model lacks', { acoustic_model: 'hmm', model: 'without' }, 'acoustic_model'],
    ['a decoder', { decoder: 'ctc_greedy' }, 'decoder'],
    ['another language', { language: 'ko' }, 'language'],
  ])('refuse %s', async (_, fields, param) => {
    const response = await hear(fields);
    const error = await errorOf(response);
    expect([response.status, error.code, error.param]).toEqual([400, 'invalid_request', param]);
  });

  it('refuse what is no recording, and one that is too long', async () => {
    expect((await hear({}, Buffer.from('no audio'))).status).toBe(422);
    expect((await hear({}, syntheticWav({ seconds: 10.5, seed: 1 }))).status).toBe(413);
  });
});

describe('include[]=logprobs', () => {
  const wav = syntheticWav({ seconds: 1.2, seed: 5 });
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }]);
  });
  afterAll(() => service.close());

  it.each(['ctc_greedy', 'ctc_beam', 'hmm'])(
    'gives the labels of %s as OpenAI gives tokens',
    async (decoder) => {
      for (const response_format of ['json', 'verbose_json']) {
        const response = await fetch(`${service.url}/v1/audio/transcriptions`, {
          method: 'POST',
          body: recordingForm(wav, { decoder, response_format, 'include[]': 'logprobs' }),
        });
        const { text, logprobs } = (await response.json()) as {
          text: string;
          logprobs: { token: string; logprob: number; bytes: number[] }[];
        };
        expect(logprobs.map(({ token }) => token).join(' ')).toBe(text);
        for (const { token, logprob, bytes } of logprobs) {
          expect(Buffer.from(bytes).toString()).toBe(token);
          expect(logprob).toBeLessThanOrEqual(0);
          expect(logprob).toBeGreaterThanOrEqual(-9999);
        }
      }
    },
  );

  it('is not given where nobody asks, and has no place in text', async () => {
    const plain = await fetch(`${service.url}/v1/audio/transcriptions`, {
      method: 'POST',
      body: recordingForm(wav),
    });
    expect(await plain.json()).not.toHaveProperty('logprobs');
    const text = await fetch(`${service.url}/v1/audio/transcriptions`, {
      method: 'POST',
      body: recordingForm(wav, { include: 'logprobs', response_format: 'text' }),
    });
    expect([text.status, (await errorOf(text)).param]).toEqual([400, 'include']);
  });
});
