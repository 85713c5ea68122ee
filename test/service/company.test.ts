import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';
import { Random } from '../../src/math/random.ts';
import { npyBody, rawBody, rowsOf } from '../support/feature-bodies.ts';
import { syntheticWav } from '../support/recording.ts';
import {
  type FormFields,
  postRecording,
  recordingForm,
  startService,
  startTinyService,
  type TestService,
} from '../support/service.ts';

/** Something to ask, as often as one likes. */
type Question = { readonly name: string; readonly ask: (url: string) => Promise<Response> };

/** An answer but for the times that it took: status, type and bytes. */
type Answer = { readonly status: number; readonly type: string | null; readonly body: string };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function post(path: string, body: NonNullable<RequestInit['body']>, type?: string) {
  const headers = type === undefined ? {} : { 'content-type': type };
  return (url: string) => fetch(`${url}/v1/${path}`, { method: 'POST', headers, body });
}

function aboutRecording(name: string, path: string, file: Uint8Array, fields: FormFields) {
  return { name, ask: (url: string) => post(path, recordingForm(file, fields))(url) };
}

/** In a random one of the three encodings of a matrix. */
function aboutFeatures(
  random: Random,
  path: string,
  matrix: FeatureMatrix,
  options: Readonly<Record<string, string>>,
): Question {
  const { frames, dims } = matrix;
  const query = new URLSearchParams(options);
  const name = `${path} of ${frames} frames`;
  const encoding = random.pick(['json', 'npy', 'raw'] as const);
  if (encoding === 'json') {
    const body = JSON.stringify({ ...options, features: rowsOf(matrix) });
    return { name: `${name} in JSON`, ask: post(path, body, 'application/json') };
  }
  if (encoding === 'npy') {
    const body = npyBody(matrix, {}).slice();
    return { name: `${name} as npy`, ask: post(`${path}?${query}`, body, 'application/x-npy') };
  }
  const shaped = `${path}?frames=${frames}&dims=${dims}&${query}`;
  const ask = post(shaped, rawBody(matrix), 'application/octet-stream');
  return { name: `${name} as bytes`, ask };
}

async function answerOf(response: Response): Promise<Answer> {
  const type = response.headers.get('content-type');
  const body = Buffer.from(await response.arrayBuffer()).toString('latin1');
  return { status: response.status, type, body: body.replaceAll(/("\w+_ms":)[\d.]+/g, '$1') };
}

/** What each model reads; `hmmDims` where there is an HMM. */
type Width = { readonly model: string; readonly dims: number; readonly hmmDims: number };

/** Questions of every kind, of many lengths, some of which nobody can answer. */
function questionsFor(random: Random, widths: readonly Width[], count: number): Question[] {
  const noise = (frames: number, dims: number): FeatureMatrix => {
    const values = Float32Array.from({ length: frames * dims }, () => random.gaussian());
    return { frames, dims, values };
  };
  const recording = (seed: number) => {
    const seconds = random.pick([0.01, 0.3, 1, 1.1, 1.2, 2, 5]);
    return syntheticWav({ seconds, seed, sampleRateHz: random.pick([8000, 16_000]) });
  };
  return Array.from({ length: count }, (_, n) => {
    const { model, dims, hmmDims } = random.pick(widths);
    const decoder = random.pick(['ctc_greedy', 'ctc_greedy', 'ctc_beam', 'hmm']);
    const wide = decoder === 'hmm' ? hmmDims : dims;
    const format = random.pick(['json', 'verbose_json', 'text', 'srt', 'vtt']);
    const options = { model, decoder, response_format: format };
    const frames = random.pick([1, 2, 3, 20, 21, 40, 44, 70, 300]);
    const searched = { ...options, decoder: 'ctc_beam', n_best: '3', beam_width: '20' };
    return random.pick<() => Question>([
      () => aboutRecording(`${n}: a recording`, 'audio/transcriptions', recording(n), options),
      () => aboutRecording(`${n}: a search`, 'audio/transcriptions', recording(n), searched),
      () => aboutFeatures(random, 'features/transcriptions', noise(frames, wide), options),
      () => aboutFeatures(random, 'features/transcriptions', noise(frames, wide), options),
      () => aboutRecording(`${n}: a comparison`, 'audio/comparisons', recording(n), { model }),
      () => aboutFeatures(random, 'features/comparisons', noise(frames, dims), { model }),
      () => aboutFeatures(random, 'features/emissions', noise(frames, dims), { model }),
      () => {
        const fields = { model, text: 'one two', method: random.pick(['ctc', 'hmm']) };
        return aboutRecording(`${n}: an alignment`, 'audio/alignments', recording(n), fields);
      },
      () => {
        const junk = Uint8Array.from({ length: 100 }, () => random.integer(256));
        return aboutRecording(`${n}: junk`, 'audio/transcriptions', junk, { model });
      },
      () => {
        const huge = noise(frames, dims);
        huge.values.fill(random.pick([3e38, -3e38, Number.NaN]), dims - 1);
        return aboutFeatures(random, 'features/transcriptions', huge, { model });
      },
    ])();
  });
}

/**
 * Asks every question alone, then all of them in random orders, so many at once, behind a recording that keeps
 * a worker busy until they wait together.
 */
async function expectSameAnswersInCompany(
  service: TestService,
  questions: readonly Question[],
  random: Random,
  companies: readonly number[],
): Promise<Answer[]> {
  const { url } = service;
  const alone: Answer[] = [];
  for (const { ask } of questions) alone.push(await answerOf(await ask(url)));
  for (const company of companies) {
    const order = random.shuffle(questions.map((_, n) => n));
    for (let first = 0; first < order.length; first += company) {
      const busy = postRecording(service, syntheticWav({ seconds: 30, seed: 1 }));
      const answers = order.slice(first, first + company).map(async (n) => {
        const answer = await answerOf(await questions[n]!.ask(url));
        expect(answer, questions[n]!.name).toEqual(alone[n]);
      });
      await Promise.all([busy, ...answers]);
    }
  }
  return alone;
}

/** How many requests were heard along with others. */
function heardTogether(service: TestService): number {
  return service.log().filter(({ batch }) => Number(batch) > 1).length;
}

/** Answers everyone in the end, however busy the machine is. */
const patient = {
  SORI_QUEUE_LIMIT: '1000',
  SORI_DEADLINE_SECONDS: '600',
};

describe('whatever company a request is in, its answer is the same, byte for byte', () => {
  let service: TestService;
  afterAll(() => service.close());

  describe('from models with random weights', () => {
    const widths = ['tiny', 'other'].map((model) => ({ model, dims: 24, hmmDims: 12 }));
    beforeAll(async () => {
      const models = [{ hmm: true }, { name: 'other', hmm: true, seed: 9, hidden: 32 }];
      service = await startTinyService(models, { ...patient, SORI_DEFAULT_MODEL: 'tiny' });
    });
    afterAll(() => service.close());

    it.each([1, 2])('in mix %i', async (seed) => {
      const random = new Random(seed);
      const questions = questionsFor(random, widths, 150);
      const before = heardTogether(service);
      const answers = await expectSameAnswersInCompany(service, questions, random, [10, 75]);
      const statuses = new Set(answers.map(({ status }) => status));
      expect(statuses).toEqual(new Set([200, 400, 422]));
      expect(heardTogether(service) - before).toBeGreaterThan(questions.length / 4);
    });
  });

  describe('from the model that ships', () => {
    beforeAll(async () => {
      const settings = { ...patient, SORI_WORKERS: '2' };
      service = await startService(here('../../models'), settings);
    });

    it('in a mix with speech', async () => {
      const random = new Random(4);
      const { dims, hmmDims } = await widthsOf(service);
      const fixtures = ['ten-digits', 'three-digits', 'british-digits', 'no-digits'];
      const files = await Promise.all(
        fixtures.map((name) => readFile(here(`../fixtures/speech/${name}.opus`))),
      );
      const spoken = files.flatMap((file, n) =>
        ['ctc_greedy', 'ctc_beam', 'hmm'].map((decoder) =>
          aboutRecording(`${fixtures[n]} by ${decoder}`, 'audio/transcriptions', file, {
            ...{ decoder, response_format: 'verbose_json' },
          }),
        ),
      );
      const widths = [{ model: 'digits-en', dims, hmmDims }];
      const questions = [...spoken, ...questionsFor(random, widths, 40)];
      await expectSameAnswersInCompany(service, questions, random, [10, 60]);
      expect(heardTogether(service)).toBeGreaterThan(questions.length / 4);
    });
  });
});

async function widthsOf({ url }: TestService): Promise<{ dims: number; hmmDims: number }> {
  const model = (await (await fetch(`${url}/v1/models/digits-en`)).json()) as {
    features: { dims: number };
    hmm: { features: { dims: number } };
  };
  return { dims: model.features.dims, hmmDims: model.hmm.features.dims };
}
