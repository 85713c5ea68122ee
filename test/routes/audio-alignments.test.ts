import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticWav } from '../support/recording.ts';
import {
  errorOf,
  type FormFields,
  postAudio,
  startService,
  type TestService,
} from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

type Span = { start: number; end: number; score: number };
type Unit = Span & { unit: string; states?: (Span & { state: number })[] };
type Word = Span & { word: string; confidence: number; units?: Unit[] };
type Alignment = { text: string; duration: number; score: number; words: Word[] };

describe('POST /v1/audio/alignments', () => {
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
      SORI_MAX_AUDIO_SECONDS: '10',
    });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  const post = (fields: FormFields, recording = wav) =>
    postAudio(service, 'alignments', recording, fields);
  const align = async (fields: FormFields, recording = wav): Promise<Alignment> => {
    const response = await post(fields, recording);
    expect(response.status).toBe(200);
    return (await response.json()) as Alignment;
  };

  it('says when each word of the text was said', async () => {
    const answer = await align({ text: ' Two one\n FOUR ', language: 'en', method: 'hmm' });
    expect(answer).toEqual({
      text: 'two one four',
      model: { id: 'tiny', sha256 },
      method: 'hmm',
      duration: 1.2,
      score: expect.any(Number),
      words: ['two', 'one', 'four'].map((word) => ({
        word,
        start: expect.any(Number),
        end: expect.any(Number),
        confidence: expect.any(Number),
        score: expect.any(Number),
      })),
      word_confidence_method: 'lattice_posterior',
      timings: {
        queue_ms: expect.any(Number),
        audio_ms: expect.any(Number),
        features_ms: expect.any(Number),
        inference_ms: expect.any(Number),
        search_ms: expect.any(Number),
      },
    });
    const times = answer.words.flatMap(({ start, end }) => [start, end]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(0);
    expect(times.at(-1)).toBeLessThanOrEqual(answer.duration);
    for (const { start, end, confidence } of answer.words) {
      expect(end).toBeGreaterThan(start);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  });

  it('gives units and states where they are asked for, one after another inside their word', async () => {
    const { words: withUnits } = await align({ text: 'two one', 'include[]': 'units' });
    expect(withUnits.map(({ units }) => units!.map(({ unit }) => unit))).toEqual([
      ['two'],
      ['one'],
    ]);
    expect(withUnits[0]!.units![0]!.states).toBeUndefined();
    const { words } = await align({ text: 'two one', include: ['states', 'units'] });
    for (const { units, ...word } of words) {
      expect(units).toHaveLength(1);
      const { states, ...unit } = units![0]!;
      expect([unit.start, unit.end]).toEqual([word.start, word.end]);
      expect(states!.map(({ state }) => state)).toEqual([0, 1, 2]);
      const bounds = states!.flatMap(({ start, end }) => [start, end]);
      expect([bounds[0], bounds.at(-1)]).toEqual([word.start, word.end]);
      expect(bounds[1]).toBe(bounds[2]);
      expect(bounds[3]).toBe(bounds[4]);
    }
  });

  it('aligns by CTC where it is asked to, and where the model has no HMM', async () => {
    const fields: FormFields = { text: 'two one four', method: 'ctc', include: 'units' };
    const answer = await align(fields);
    expect(answer).toMatchObject({ method: 'ctc', word_confidence_method: 'word_posterior' });
    expect(answer.words.map(({ word }) => word)).toEqual(['two', 'one', 'four']);
    for (const { units, word, start, end, score } of answer.words) {
      expect(units).toEqual([{ unit: word, start, end, score }]);
    }
    const times = answer.words.flatMap(({ start, end }) => [start, end]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(answer.duration);
    expect(await align({ text: 'one', model: 'without' })).toMatchObject({ method: 'ctc' });
  });

  it('gives the same alignment alone and among others', async () => {
    const seen = async (text: string) => JSON.stringify((await align({ text })).words);
    const texts = ['one', 'two one', 'three three three'];
    const alone = [];
    for (const text of texts) alone.push(await seen(text));
    expect(await Promise.all([...texts, ...texts].map(seen))).toEqual([...alone, ...alone]);
  });

  it('logs its figures, and none of its words', async () => {
    const headers = { 'x-request-id': 'aligned' };
    await postAudio(service, 'alignments', wav, { text: 'four' }, { headers });
    const lines = service.log().filter(({ reqId }) => reqId === 'aligned');
    expect(lines).toEqual([
      expect.objectContaining({
        status: 200,
        model: 'tiny',
        method: 'POST',
        aligner: 'hmm',
        duration: 1.2,
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('four');
  });

  it.each<[string, FormFields, number, string, string]>([
    ['no text', {}, 400, 'invalid_request', 'text'],
    ['an empty text', { text: '' }, 400, 'invalid_request', 'text'],
    ['a text of spaces', { text: ' \n\t' }, 400, 'invalid_request', 'text'],
    ['an endless text', { text: 'one '.repeat(2501) }, 400, 'invalid_request', 'text'],
    ['too many words', { text: 'a '.repeat(3001) }, 400, 'invalid_request', 'text'],
    ['an unknown word', { text: 'one ten' }, 422, 'unalignable_text', 'text'],
    ['a property that every object has', { text: 'constructor' }, 422, 'unalignable_text', 'text'],
    ['more words than frames', { text: 'one '.repeat(60) }, 422, 'unalignable_text', 'text'],
    [
      'a method that does not exist',
      { text: 'one', method: 'dtw' },
      400,
      'invalid_request',
      'method',
    ],
    [
      'a model without an HMM',
      { text: 'one', model: 'without', method: 'hmm' },
      400,
      'invalid_request',
      'method',
    ],
    [
      'more words by CTC than frames',
      { text: 'one '.repeat(60), method: 'ctc' },
      422,
      'unalignable_text',
      'text',
    ],
    ['other parts', { text: 'one', include: 'labels' }, 400, 'invalid_request', 'include'],
    ['an unknown field', { text: 'one', decoder: 'hmm' }, 400, 'invalid_request', 'decoder'],
    ['an unknown model', { text: 'one', model: 'huge' }, 404, 'model_not_found', 'model'],
    ['another language', { text: 'one', language: 'fr' }, 400, 'invalid_request', 'language'],
  ])('refuses %s', async (_, fields, status, code, param) => {
    const response = await post(fields);
    const error = await errorOf(response);
    expect([response.status, error.code, error.param]).toEqual([status, code, param]);
    expect(error.message.length).toBeLessThan(200);
  });

  it('says which methods there are', async () => {
    const { message } = await errorOf(await post({ text: 'one', method: 'dtw' }));
    expect(message).toBe('method: expected one of ctc, hmm, got "dtw"');
  });

  it.each<[string, Uint8Array, number, string]>([
    ['a file that is no audio', Buffer.from('nothing'), 422, 'undecodable_audio'],
    ['a recording of no frame', syntheticWav({ seconds: 0.01, seed: 1 }), 422, 'unalignable_text'],
    ['a long recording', syntheticWav({ seconds: 10.5, seed: 1 }), 413, 'audio_too_long'],
  ])('refuses %s', async (_, file, status, code) => {
    const response = await post({ text: 'one' }, file);
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toMatchObject({ code });
  });
});
