import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import { npyBody, rowsOf } from '../support/feature-bodies.ts';
import { syntheticWav, syntheticWaveform } from '../support/recording.ts';
import {
  errorOf,
  type FormFields,
  postAudio,
  startService,
  type TestService,
} from '../support/service.ts';
import {
  type TemporaryFolder,
  temporaryFolder,
  tinyHmmRecipe,
  tinyRecipe,
  writeTinyModel,
} from '../support/tiny-model.ts';

type Read = {
  decoder: string;
  text: string;
  sha256: string;
  error?: { code: string; message: string };
};

describe('decoder=hybrid', () => {
  const wav = syntheticWav({ seconds: 1.2, seed: 5 });
  const { samples } = syntheticWaveform({ seconds: 1.2, seed: 5 });
  const matrix = new FeatureExtractor(tinyRecipe).extract(samples);
  let models: TemporaryFolder;
  let service: TestService;
  let sha256: string;

  beforeAll(async () => {
    models = await temporaryFolder();
    const { hybrid } = await writeTinyModel(models.path, { hmm: true, hybrid: true });
    sha256 = hybrid!.graph.sha256;
    await writeTinyModel(models.path, { name: 'without', hmm: true });
    service = await startService(models.path, {
      SORI_DEFAULT_MODEL: 'tiny',
      SORI_WORKERS: '1',
      SORI_MAX_N_BEST: '20',
    });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  const post = (fields: FormFields = {}) =>
    postAudio(service, 'transcriptions', wav, { decoder: 'hybrid', ...fields });
  const postFeatures = (route: string, type: string, body: string | Uint8Array, query = '') =>
    fetch(`${service.url}/v1/features/${route}${query}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : body.slice(),
    });

  it('answers with the hybrid’s reading and the sha256 of its graph', async () => {
    const response = await post();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      text: expect.stringMatching(/^[a-z]+( [a-z]+)*$/),
      model: { id: 'tiny', sha256 },
      decoder: 'hybrid',
      duration: 1.2,
      confidence: expect.any(Number),
      confidence_method: 'lattice_posterior',
    });
  });

  it('lists hypotheses, holds to a grammar and times its words', async () => {
    const response = await post({
      response_format: 'verbose_json',
      timestamp_granularities: 'word',
      n_best: '4',
      grammar: '{"repeat": {"alternatives": ["two", "four"]}, "times": 3}',
    });
    const { hypotheses, words, duration } = (await response.json()) as {
      hypotheses: { text: string; score: number }[];
      words: { start: number; end: number }[];
      duration: number;
    };
    expect(hypotheses).toHaveLength(4);
    for (const { text } of hypotheses) expect(text).toMatch(/^(two|four)( (two|four)){2}$/);
    const times = words.flatMap(({ start, end }) => [start, end]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(duration);
  });

  it('reads the features that the CTC network reads, and says the same of them', async () => {
    const { text } = (await (await post()).json()) as { text: string };
    const json = JSON.stringify({ features: rowsOf(matrix), decoder: 'hybrid' });
    for (const response of [
      await postFeatures('transcriptions', 'application/json', json),
      await postFeatures(
        'transcriptions',
        'application/x-npy',
        npyBody(matrix, {}),
        '?decoder=hybrid',
      ),
    ]) {
      expect(await response.json()).toMatchObject({ text, decoder: 'hybrid', model: { sha256 } });
    }
    const narrow = { ...matrix, dims: 3, values: matrix.values.slice(0, 3 * matrix.frames) };
    const refused = await postFeatures(
      'transcriptions',
      'application/x-npy',
      npyBody(narrow, {}),
      '?decoder=hybrid',
    );
    expect(refused.status).toBe(400);
    expect(await errorOf(refused)).toMatchObject({ code: 'invalid_features', param: 'features' });
  });

  it('takes part in comparisons, by its features too', async () => {
    const compared = await postAudio(service, 'comparisons', wav);
    const { decoders } = (await compared.json()) as { decoders: Read[] };
    const names = ['ctc_greedy', 'ctc_beam', 'hmm', 'hybrid'];
    expect(decoders.map(({ decoder }) => decoder)).toEqual(names);
    expect(decoders[3]!.sha256).toBe(sha256);
    const npy = await postFeatures('comparisons', 'application/x-npy', npyBody(matrix, {}));
    const byFeatures = ((await npy.json()) as { decoders: Read[] }).decoders;
    expect(byFeatures.map(({ error }) => error?.code)).toEqual([
      undefined,
      undefined,
      'invalid_features',
      undefined,
    ]);
    expect(byFeatures[3]!.text).toBe(decoders[3]!.text);
    const recording = syntheticWaveform({ seconds: 1.2, seed: 5, sampleRateHz: 16_000 });
    const hmmMatrix = new FeatureExtractor(tinyHmmRecipe).extract(recording.samples);
    const ofHmm = await postFeatures(
      'comparisons',
      'application/x-npy',
      npyBody(hmmMatrix, {}),
      '?features_for=hmm&decoders=hmm&decoders=hybrid',
    );
    const [hmm, hybrid] = ((await ofHmm.json()) as { decoders: Read[] }).decoders;
    expect([hmm!.error, hybrid!.error]).toEqual([
      undefined,
      {
        code: 'invalid_features',
        message: 'expected features for ctc, 24 a frame, which hybrid reads, got none',
      },
    ]);
    const refused = await postFeatures(
      'comparisons',
      'application/x-npy',
      npyBody(matrix, {}),
      '?features_for=hybrid',
    );
    expect((await errorOf(refused)).message).toBe(
      'features_for: expected one of ctc, hmm; hybrid reads those for ctc, got "hybrid"',
    );
  });

  it('gives its emissions, ln likelihoods of states up to a constant of each frame', async () => {
    const response = await postAudio(service, 'emissions', wav, { acoustic_model: 'hybrid' });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-sori-acoustic-model')).toBe('hybrid');
    const names = JSON.parse(response.headers.get('x-sori-labels')!) as string[];
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('one/0');
  });

  it('is listed with its model, and refused where a model has none', async () => {
    const { hybrid, decoders } = (await (await fetch(`${service.url}/v1/models/tiny`)).json()) as {
      hybrid: { sha256: string; features: { dims: number } };
      decoders: string[];
    };
    expect(hybrid).toMatchObject({ sha256, features: { dims: matrix.dims } });
    expect(decoders).toContain('hybrid');
    const refused = await post({ model: 'without' });
    expect(refused.status).toBe(400);
    expect(await errorOf(refused)).toMatchObject({
      param: 'decoder',
      message: 'decoder: model without has ctc_greedy, ctc_beam, hmm, got hybrid',
    });
  });

  it('is counted under its own name', async () => {
    await post();
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/sori_requests_total\{[^}]*decoder="hybrid"[^}]*\} [1-9]/);
  });
});
