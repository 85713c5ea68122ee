import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import { npyBody, rowsOf } from '../support/feature-bodies.ts';
import { syntheticWav, syntheticWaveform } from '../support/recording.ts';
import {
  errorOf,
  type FormFields,
  postRecording,
  startService,
  type TestService,
} from '../support/service.ts';
import {
  type TemporaryFolder,
  temporaryFolder,
  tinyHmmRecipe,
  writeTinyModel,
} from '../support/tiny-model.ts';

type Hypothesis = {
  text: string;
  confidence: number;
  score: number;
  score_parts: Record<string, number>;
  words?: { word: string; start: number; end: number; confidence: number }[];
};
type Verbose = Hypothesis & { duration: number; hypotheses: Hypothesis[] };

describe('decoder=hmm', () => {
  const wav = syntheticWav({ seconds: 1.2, seed: 5 });
  let models: TemporaryFolder;
  let service: TestService;
  let sha256: string;

  beforeAll(async () => {
    models = await temporaryFolder();
    const { hmm } = await writeTinyModel(models.path, { hmm: true });
    sha256 = hmm!.graph.sha256;
    await writeTinyModel(models.path, { name: 'without' });
    service = await startService(models.path, {
      SORI_DEFAULT_MODEL: 'tiny',
      SORI_WORKERS: '2',
      SORI_MAX_AUDIO_SECONDS: '10',
      SORI_MAX_N_BEST: '20',
    });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  const post = (fields: FormFields = {}, recording = wav) =>
    postRecording(service, recording, { decoder: 'hmm', ...fields });
  const verbose = async (fields = {}, recording = wav): Promise<Verbose> =>
    (await post(
      { response_format: 'verbose_json', timestamp_granularities: 'word', ...fields },
      recording,
    ).then((response) => response.json())) as Verbose;

  it('answers with the HMM’s reading and the sha256 of its graph', async () => {
    const response = await post();
    expect(response.status).toBe(200);
    expect(response.headers.get('x-sori-model-sha256')).toBe(sha256);
    expect(await response.json()).toEqual({
      text: expect.stringMatching(/^[a-z]+( [a-z]+)*$/),
      model: { id: 'tiny', sha256 },
      decoder: 'hmm',
      duration: 1.2,
      confidence: expect.any(Number),
      confidence_method: 'lattice_posterior',
    });
  });

  it('gives words in order, inside the recording, with confidences', async () => {
    const { text, duration, words } = await verbose();
    expect(words!.map(({ word }) => word).join(' ')).toBe(text);
    const times = words!.flatMap(({ start, end }) => [start, end]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(0);
    expect(times.at(-1)).toBeLessThanOrEqual(duration);
    for (const { confidence } of words!) expect(confidence).toSatisfy(isProbability);
  });

  it('gives as many hypotheses as asked for, best first, with scores that are their parts’ sums', async () => {
    const { text, words, hypotheses } = await verbose({ n_best: '5' });
    expect(hypotheses).toHaveLength(5);
    expect(hypotheses[0]).toMatchObject({ text, words });
    expect(new Set(hypotheses.map((hypothesis) => hypothesis.text)).size).toBe(5);
    const scores = hypotheses.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const { score, score_parts, confidence } of hypotheses) {
      const sum = Object.values(score_parts).reduce((total, part) => total + part, 0);
      expect(sum).toBeCloseTo(score, 6);
      expect(confidence).toSatisfy(isProbability);
    }
  });

  it('gives one hypothesis by greedy decoding, however many are asked for', async () => {
    const { hypotheses, text } = await verbose({ decoder: 'ctc_greedy', n_best: '5' });
    expect(hypotheses).toEqual([expect.objectContaining({ text })]);
    const segments = await verbose({ timestamp_granularities: 'segment' });
    expect(segments.hypotheses[0]!.words).toBeUndefined();
  });

  it('gives the same bytes the same answer, alone and among thirty others', async () => {
    const recordings = [wav, ...[1, 2].map((seed) => syntheticWav({ seconds: seed / 2, seed }))];
    const read = async (recording: Uint8Array) => (await post({}, recording)).text();
    const alone: string[] = [];
    for (const recording of recordings) alone.push(await read(recording));
    const rounds = Array.from({ length: 10 }, () => recordings.map(read)).flat();
    expect(await Promise.all(rounds)).toEqual(Array.from({ length: 10 }, () => alone).flat());
    expect(new Set(alone).size).toBe(recordings.length);
  });

  it.each([
    ['shorter than a frame', 0.01],
    ['of one frame', 0.025],
    ['of two frames', 0.035],
  ])('answers for a recording %s', async (_, seconds) => {
    const { samples } = syntheticWaveform({ seconds, seed: 3, sampleRateHz: 16_000 });
    const answer = await verbose({}, encodeWav({ sampleRateHz: 16_000, samples }));
    expect(answer.text).toMatch(/^[a-z ]*$/);
    expect(answer.duration).toBeCloseTo(seconds, 3);
    expect(answer.confidence).toSatisfy(isProbability);
  });

  const samples = syntheticWaveform({ seconds: 1.2, seed: 5, sampleRateHz: 16_000 }).samples;
  const matrix = new FeatureExtractor(tinyHmmRecipe).extract(samples);
  const postFeatures = (body: string | Uint8Array, query = '') =>
    fetch(`${service.url}/v1/features/transcriptions${query}`, {
      method: 'POST',
      headers: {
        'content-type': typeof body === 'string' ? 'application/json' : 'application/x-npy',
      },
      body: typeof body === 'string' ? body : body.slice(),
    });

  it('reads the HMM’s features, and says of what duration they are', async () => {
    const fromNpy = await postFeatures(npyBody(matrix, {}), '?decoder=hmm');
    const json = JSON.stringify({ decoder: 'hmm', features: rowsOf(matrix) });
    const fromJson = await postFeatures(json);
    const answer = await fromNpy.json();
    expect(answer).toMatchObject({ decoder: 'hmm', duration: matrix.frames / 100 });
    expect(await fromJson.json()).toEqual(answer);
  });

  it('takes n_best as text from a query and as a number from JSON', async () => {
    const format = 'response_format=verbose_json';
    const fromQuery = await postFeatures(npyBody(matrix, {}), `?decoder=hmm&n_best=2&${format}`);
    const options = { decoder: 'hmm', n_best: 2, response_format: 'verbose_json' };
    const fromJson = await postFeatures(JSON.stringify({ features: rowsOf(matrix), ...options }));
    const [a, b] = (await Promise.all([fromQuery.json(), fromJson.json()])) as Verbose[];
    expect(a!.hypotheses).toHaveLength(2);
    expect(b!.hypotheses).toEqual(a!.hypotheses);
  });

  it('refuses features of the network’s width, and says which the HMM reads', async () => {
    const body = npyBody({ frames: 2, dims: 24, values: new Float32Array(48) }, {});
    const response = await postFeatures(body, '?decoder=hmm');
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({
      code: 'invalid_features',
      message: 'expected 12 features a frame, got 24',
    });
  });

  it.each<[string, FormFields, string, string]>([
    [
      'a model that has no HMM',
      { model: 'without' },
      'decoder',
      'decoder: model without has ctc_greedy, ctc_beam, got hmm',
    ],
    ['no hypothesis', { n_best: '0' }, 'n_best', 'n_best: expected at least 1, got 0'],
    [
      'too many hypotheses',
      { n_best: '21', response_format: 'verbose_json' },
      'n_best',
      'n_best: expected at most 20, got 21',
    ],
    [
      'half a hypothesis',
      { n_best: '1.5' },
      'n_best',
      'n_best: expected a whole number, got "1.5"',
    ],
    [
      'hypotheses that the format has no place for',
      { n_best: '2' },
      'n_best',
      'n_best: more than one hypothesis needs response_format verbose_json, got "json"',
    ],
  ])('refuses %s', async (_, fields, param, message) => {
    const response = await post(fields);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toEqual({
      code: 'invalid_request',
      type: 'invalid_request_error',
      param,
      message,
    });
  });

  it('refuses too many hypotheses in JSON too', async () => {
    const options = { n_best: 21, response_format: 'verbose_json' };
    const response = await postFeatures(
      JSON.stringify({ decoder: 'hmm', features: rowsOf(matrix), ...options }),
    );
    expect(response.status).toBe(400);
    expect((await errorOf(response)).message).toBe('n_best: expected at most 20, got 21');
  });

  it('refuses the HMM of a model without one in JSON features too', async () => {
    const body = { model: 'without', decoder: 'hmm', features: rowsOf(matrix) };
    const response = await postFeatures(JSON.stringify(body));
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code: 'invalid_request', param: 'decoder' });
  });

  it('shows what both acoustic models read, and their sha256', async () => {
    const model = await (await fetch(`${service.url}/v1/models/tiny`)).json();
    expect(model).toMatchObject({
      features: { kind: 'log-mel', sample_rate_hz: 8000, dims: 24, frame_shift_seconds: 0.02 },
      hmm: {
        sha256,
        features: { kind: 'mfcc', sample_rate_hz: 16_000, dims: 12, frame_shift_seconds: 0.01 },
        max_frames: 1000,
      },
      decoders: ['ctc_greedy', 'ctc_beam', 'hmm'],
      limits: { max_frames: 500, max_n_best: 20 },
    });
    const { files } = model as { files: { name: string }[] };
    expect(files.map(({ name }) => name)).toEqual(['ctc.onnx', 'hmm.onnx', 'hmm.json']);
  });
});

function isProbability(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}
