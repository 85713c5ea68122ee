import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import { npyBody, rawBody, rowsOf } from '../support/feature-bodies.ts';
import { syntheticWaveform } from '../support/recording.ts';
import { errorOf, startTinyService, type TestService } from '../support/service.ts';
import { tinyHmmRecipe, tinyRecipe } from '../support/tiny-model.ts';

type Read = { decoder: string; text: string; error?: { code: string; message: string } };
type Comparison = {
  duration: number;
  decoders: Read[];
  alignments: { between: string[] }[];
  agreement: number | null;
};

const formats = {
  json: 'application/json',
  npy: 'application/x-npy',
  raw: 'application/octet-stream',
} as const;

describe('POST /v1/features/comparisons', () => {
  const seconds = 1.2;
  const ctc = new FeatureExtractor(tinyRecipe).extract(
    syntheticWaveform({ seconds, seed: 9 }).samples,
  );
  const hmm = new FeatureExtractor(tinyHmmRecipe).extract(
    syntheticWaveform({ seconds, seed: 9, sampleRateHz: 16_000 }).samples,
  );
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }, { name: 'without' }], {
      SORI_DEFAULT_MODEL: 'tiny',
      SORI_MAX_AUDIO_SECONDS: '10',
    });
  });
  afterAll(() => service.close());

  function post(
    format: keyof typeof formats,
    body: string | Uint8Array,
    query = '',
    route = 'comparisons',
  ): Promise<Response> {
    return fetch(`${service.url}/v1/features/${route}${query}`, {
      method: 'POST',
      headers: { 'content-type': formats[format] },
      body: typeof body === 'string' ? body : body.slice(),
    });
  }
  async function answerOf(response: Response): Promise<Comparison> {
    const answer = (await response.json()) as Comparison & { timings?: unknown };
    expect({ status: response.status, answer }).toMatchObject({ status: 200 });
    const { timings: _, decoders, ...rest } = answer;
    return {
      ...rest,
      decoders: decoders.map(({ timings: __, ...read }: Read & { timings?: unknown }) => read),
    };
  }

  it('answers alike in all three encodings, for either kind of features', async () => {
    for (const [pass, matrix] of Object.entries({ ctc, hmm })) {
      const options = `features_for=${pass}&decoders[]=ctc_greedy&decoders=hmm&reference=one%20two`;
      const shape = `frames=${matrix.frames}&dims=${matrix.dims}`;
      const json = {
        features_for: pass,
        decoders: ['ctc_greedy', 'hmm'],
        reference: 'one two',
        features: rowsOf(matrix),
      };
      const answers = await Promise.all([
        post('json', JSON.stringify(json)).then(answerOf),
        post('npy', npyBody(matrix, {}), `?${options}`).then(answerOf),
        post('raw', rawBody(matrix), `?${options}&${shape}`).then(answerOf),
      ]);
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    }
  });

  it('has each decoder read the features of its kind where a request brings both', async () => {
    const body = { features: rowsOf(ctc), hmm_features: rowsOf(hmm) };
    const { decoders, alignments, agreement, duration } = await answerOf(
      await post('json', JSON.stringify(body)),
    );
    expect(decoders.map(({ decoder }) => decoder)).toEqual(['ctc_greedy', 'ctc_beam', 'hmm']);
    expect(alignments).toHaveLength(3);
    expect(agreement).toBeGreaterThanOrEqual(0);
    expect(duration).toBeCloseTo(Math.max(ctc.frames * 0.02, hmm.frames * 0.01), 6);
    for (const [index, matrix] of [ctc, ctc, hmm].entries()) {
      const { decoder, text } = decoders[index]!;
      const alone = await post('npy', npyBody(matrix, {}), `?decoder=${decoder}`, 'transcriptions');
      expect(await alone.json()).toMatchObject({ text });
    }
  });

  it('says what it cannot decode for want of features, and answers the rest', async () => {
    const { decoders, alignments, agreement } = await answerOf(
      await post('npy', npyBody(ctc, {}), '?reference=one&decoders=ctc_greedy&decoders=hmm'),
    );
    expect(decoders).toEqual([
      expect.objectContaining({ decoder: 'ctc_greedy', text: expect.any(String) }),
      {
        decoder: 'hmm',
        error: {
          code: 'invalid_features',
          message: 'expected features for hmm, 12 a frame, got none',
        },
      },
    ]);
    expect([alignments, agreement]).toEqual([[], null]);
    const turned = await answerOf(await post('npy', npyBody(hmm, {}), '?features_for=hmm'));
    expect(turned.decoders.map(({ error }) => error?.code)).toEqual([
      'invalid_features',
      'invalid_features',
      undefined,
    ]);
  });

  const row = (dims: number) => Array<number>(dims).fill(0.5);
  const json = (fields: object) => JSON.stringify({ features: [row(24)], ...fields });
  const cases: [
    string,
    keyof typeof formats,
    string | Uint8Array,
    string,
    number,
    string,
    string,
  ][] = [
    [
      'decoders none of which reads the features',
      'json',
      json({ decoders: ['hmm'] }),
      '',
      400,
      'invalid_request',
      'decoders',
    ],
    ['no decoder', 'json', json({ decoders: [] }), '', 400, 'invalid_request', 'decoders'],
    [
      'features for nothing',
      'json',
      json({ features_for: 'x' }),
      '',
      400,
      'invalid_request',
      'features_for',
    ],
    [
      'features for an HMM that is not there',
      'json',
      json({ features_for: 'hmm', model: 'without' }),
      '',
      400,
      'invalid_request',
      'features_for',
    ],
    [
      'features besides for an HMM that is not there',
      'json',
      json({ hmm_features: [row(12)], model: 'without' }),
      '',
      400,
      'invalid_request',
      'hmm_features',
    ],
    [
      'features for the HMM twice',
      'json',
      JSON.stringify({ features_for: 'hmm', features: [row(12)], hmm_features: [row(12)] }),
      '',
      400,
      'invalid_request',
      'hmm_features',
    ],
    [
      'a field twice',
      'json',
      '{"features": [[1]], "hmm_features": [[1]], "hmm_features": [[1]]}',
      '',
      400,
      'invalid_request',
      'hmm_features',
    ],
    [
      'the HMM’s features alone',
      'json',
      JSON.stringify({ hmm_features: [row(12)] }),
      '',
      400,
      'invalid_request',
      'features',
    ],
    [
      'HMM features of the network’s width',
      'json',
      json({ hmm_features: [row(24)] }),
      '',
      400,
      'invalid_features',
      'hmm_features',
    ],
    [
      'HMM features that are no numbers',
      'json',
      json({ hmm_features: [[...row(11), null]] }),
      '',
      400,
      'invalid_features',
      'hmm_features',
    ],
    [
      'HMM features that overflow float32',
      'json',
      json({ hmm_features: [[...row(11), 1e39]] }),
      '',
      400,
      'invalid_features',
      'hmm_features',
    ],
    [
      'HMM features of which the model makes infinite numbers',
      'json',
      json({ hmm_features: [row(12).map(() => 3e38)] }),
      '',
      400,
      'invalid_features',
      'hmm_features',
    ],
    [
      'too many HMM features',
      'json',
      json({ hmm_features: Array(1001).fill(row(12)) }),
      '',
      413,
      'too_many_frames',
      'hmm_features',
    ],
    [
      'HMM features in a query',
      'npy',
      npyBody(ctc, {}),
      '?hmm_features=1',
      400,
      'invalid_request',
      'hmm_features',
    ],
    [
      'features of the other kind',
      'npy',
      npyBody(ctc, {}),
      '?features_for=hmm',
      400,
      'invalid_features',
      'features',
    ],
    ['no shape', 'raw', rawBody(ctc), '', 400, 'invalid_request', 'frames'],
    [
      'text for n_best in JSON',
      'json',
      json({ n_best: '2' }),
      '',
      400,
      'invalid_request',
      'n_best',
    ],
  ];
  it.each(cases)('refuses %s (%s)', async (_, format, body, query, status, code, param) => {
    const response = await post(format, body, query);
    const error = await errorOf(response);
    expect([response.status, error.code, error.param]).toEqual([status, code, param]);
    expect(error.message.length).toBeLessThan(200);
  });

  it('refuses HMM features in a transcription, which has one decoder', async () => {
    const body = json({ hmm_features: [row(12)] });
    const response = await post('json', body, '', 'transcriptions');
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ param: 'hmm_features' });
  });

  it('refuses other content types', async () => {
    const response = await fetch(`${service.url}/v1/features/comparisons`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'hello',
    });
    expect(response.status).toBe(415);
  });
});
