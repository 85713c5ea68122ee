import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordErrorRate } from '../../src/evaluation/word-error-rate.ts';
import { syntheticWav } from '../support/recording.ts';
import {
  errorOf,
  type FormFields,
  postAudio,
  postRecording,
  recordingForm,
  startTinyService,
  type TestService,
} from '../support/service.ts';

type Edit = { operation: string; reference: string | null; hypothesis: string | null };
type Counts = { substitutions: number; deletions: number; insertions: number; hits: number };
type Read = {
  decoder: string;
  sha256: string;
  text: string;
  words: { word: string; start: number; end: number; confidence: number }[];
  confidence: number;
  score: number;
  score_parts: Record<string, number>;
  hypotheses?: { text: string }[];
  timings: Record<string, number>;
  error_rates?: {
    wer: number | null;
    cer: number | null;
    words: Counts & { edits: Edit[] };
    characters: Counts;
  };
};
type Comparison = {
  model: { id: string };
  duration: number;
  decoders: Read[];
  alignments: {
    between: string[];
    words: { a: string | null; b: string | null; operation: string }[];
  }[];
  agreement: number | null;
  timings: Record<string, number>;
};

describe('POST /v1/audio/comparisons', () => {
  const wav = syntheticWav({ seconds: 1.1, seed: 5 });
  let service: TestService;

  beforeAll(async () => {
    service = await startTinyService([{ hmm: true }, { name: 'without' }], {
      SORI_DEFAULT_MODEL: 'tiny',
      SORI_MAX_AUDIO_SECONDS: '10',
    });
  });
  afterAll(() => service.close());

  const post = (fields?: FormFields, recording = wav) =>
    postAudio(service, 'comparisons', recording, fields);
  const compare = async (fields?: FormFields, recording = wav): Promise<Comparison> => {
    const response = await post(fields, recording);
    expect(response.status).toBe(200);
    return (await response.json()) as Comparison;
  };

  it('gives every decoder’s reading, as a transcription by it gives it', async () => {
    const { model, duration, decoders, timings } = await compare();
    expect(model).toEqual({ id: 'tiny' });
    expect(duration).toBe(1.1);
    expect(Object.keys(timings)).toEqual(['queue_ms', 'audio_ms']);
    expect(decoders.map(({ decoder }) => decoder)).toEqual(['ctc_greedy', 'ctc_beam', 'hmm']);
    for (const { decoder, hypotheses, timings: stages, ...read } of decoders) {
      const fields = { decoder, response_format: 'verbose_json', timestamp_granularities: 'word' };
      const alone = await (await postRecording(service, wav, fields)).json();
      const {
        model: of,
        text,
        words,
        confidence,
        confidence_method,
        hypotheses: best,
      } = alone as Record<string, never> & { model: { sha256: string }; hypotheses: Read[] };
      const { score, score_parts } = best[0]!;
      expect(read).toEqual({
        sha256: of.sha256,
        ...{ text, words, confidence, confidence_method, score, score_parts },
        word_confidence_method: (alone as Record<string, string>)['word_confidence_method'],
      });
      expect(hypotheses).toBeUndefined();
      expect(Object.keys(stages)).toEqual(['features_ms', 'inference_ms', 'search_ms']);
    }
  });

  it('aligns the words of each pair, and says how far they agree', async () => {
    const { decoders, alignments, agreement } = await compare();
    expect(alignments.map(({ between }) => between)).toEqual([
      ['ctc_greedy', 'ctc_beam'],
      ['ctc_greedy', 'hmm'],
      ['ctc_beam', 'hmm'],
    ]);
    for (const { between, words } of alignments) {
      const side = (name: 'a' | 'b') => words.flatMap((column) => column[name] ?? []).join(' ');
      const texts = between.map((name) => decoders.find(({ decoder }) => decoder === name)!.text);
      expect([side('a'), side('b')]).toEqual(texts);
      for (const { a, b, operation } of words)
        expect(operation).toBe(
          a === null ? 'insertion' : b === null ? 'deletion' : a === b ? 'hit' : 'substitution',
        );
    }
    const columns = alignments.flatMap(({ words }) => words);
    const hits = columns.filter(({ operation }) => operation === 'hit').length;
    expect(agreement).toBeCloseTo(hits / columns.length, 12);
  });

  it('counts each decoder’s errors against a reference, and lists the words', async () => {
    const reference = 'One two  FOUR';
    const { decoders } = await compare({ reference });
    for (const { text, error_rates } of decoders) {
      const { rate, substitutions, deletions, insertions, hits } = wordErrorRate([
        { reference, hypothesis: text },
      ]);
      const { wer, cer, words, characters } = error_rates!;
      expect(wer).toBe(rate);
      const { edits, ...counts } = words;
      expect(counts).toEqual({ substitutions, deletions, insertions, hits });
      expect(edits).toHaveLength(substitutions + deletions + insertions);
      for (const { operation, reference: said, hypothesis: heard } of edits) {
        expect(operation === 'insertion').toBe(said === null);
        expect(operation === 'deletion').toBe(heard === null);
      }
      const edited = characters.substitutions + characters.deletions + characters.insertions;
      expect(cer).toBeCloseTo(edited / 'one two four'.length, 12);
    }
  });

  it('has no rate where nothing was said and something was heard', async () => {
    const { decoders } = await compare({ reference: '' });
    expect(decoders[0]!.error_rates).toMatchObject({ wer: null, cer: null });
  });

  it('asks only the decoders that are named, in that order', async () => {
    const both = await compare({ 'decoders[]': ['hmm', 'ctc_greedy'] });
    expect(both.alignments[0]!.between).toEqual(['hmm', 'ctc_greedy']);
    const one = await compare({ decoders: 'hmm' });
    expect(one).toMatchObject({ alignments: [], agreement: null });
    expect(one.decoders.map(({ decoder }) => decoder)).toEqual(['hmm']);
    const without = await compare({ model: 'without' });
    expect(without.decoders.map(({ decoder }) => decoder)).toEqual(['ctc_greedy', 'ctc_beam']);
  });

  it('lists the hypotheses where more than one is asked for', async () => {
    const { decoders } = await compare({ n_best: '3' });
    expect(decoders.map(({ hypotheses }) => hypotheses!.length)).toEqual([1, 3, 3]);
    for (const { text, hypotheses } of decoders) expect(hypotheses![0]!.text).toBe(text);
  });

  it('gives the same comparison alone and among others', async () => {
    const seen = async (recording: Uint8Array) => {
      const { timings: _, decoders, ...rest } = await compare({ reference: 'one' }, recording);
      return { ...rest, decoders: decoders.map(({ timings: __, ...read }) => read) };
    };
    const recordings = [wav, ...[1, 2].map((seed) => syntheticWav({ seconds: seed / 2, seed }))];
    const alone = [];
    for (const recording of recordings) alone.push(await seen(recording));
    const together = await Promise.all([...recordings, ...recordings].map(seen));
    expect(together).toEqual([...alone, ...alone]);
  });

  it('logs its figures, and none of its words', async () => {
    const headers = { 'x-request-id': 'compared' };
    const fields = { reference: 'secret words' };
    const response = await postAudio(service, 'comparisons', wav, fields, { headers });
    const { decoders } = (await response.json()) as Comparison;
    const lines = service.log().filter(({ reqId }) => reqId === 'compared');
    expect(lines).toEqual([
      expect.objectContaining({
        route: '/v1/audio/comparisons',
        status: 200,
        model: 'tiny',
        decoders: 'ctc_greedy,ctc_beam,hmm',
        duration: 1.1,
        audio_ms: expect.any(Number),
        inference_ms: expect.any(Number),
        search_ms: expect.any(Number),
      }),
    ]);
    for (const text of ['secret', ...decoders.map((read) => read.text)])
      expect(JSON.stringify(lines)).not.toContain(text);
  });

  it.each<[string, FormFields, number, string, string | null]>([
    ['an unknown decoder', { decoders: 'magic' }, 400, 'invalid_request', 'decoders'],
    ['a decoder twice', { decoders: ['hmm', 'hmm'] }, 400, 'invalid_request', 'decoders'],
    [
      'a decoder that the model lacks',
      { model: 'without', decoders: ['ctc_greedy', 'hmm'] },
      400,
      'invalid_request',
      'decoders',
    ],
    ['the field of transcriptions', { decoder: 'hmm' }, 400, 'invalid_request', 'decoder'],
    ['a format', { response_format: 'text' }, 400, 'invalid_request', 'response_format'],
    ['too many hypotheses', { n_best: '101' }, 400, 'invalid_request', 'n_best'],
    [
      'an endless reference',
      { reference: 'a'.repeat(10_001) },
      400,
      'invalid_request',
      'reference',
    ],
    ['two references', { reference: ['a', 'b'] }, 400, 'invalid_request', 'reference'],
    ['an unknown model', { model: 'huge' }, 404, 'model_not_found', 'model'],
    ['another language', { language: 'fr' }, 400, 'invalid_request', 'language'],
  ])('refuses %s', async (_, fields, status, code, param) => {
    const response = await post(fields);
    const error = await errorOf(response);
    expect([response.status, error.code, error.param]).toEqual([status, code, param]);
    expect(error.message.length).toBeLessThan(200);
  });

  it.each<[string, Uint8Array, number, string]>([
    ['a file that is no audio', Buffer.from('# Not a recording\n'), 422, 'undecodable_audio'],
    ['a long recording', syntheticWav({ seconds: 10.5, seed: 1 }), 413, 'audio_too_long'],
  ])('refuses %s', async (_, file, status, code) => {
    const response = await post({}, file);
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toMatchObject({ code });
  });

  it('refuses options in the query, other content types and other methods', async () => {
    const url = `${service.url}/v1/audio/comparisons`;
    const inQuery = await fetch(`${url}?n_best=2`, { method: 'POST', body: recordingForm(wav) });
    expect(inQuery.status).toBe(400);
    expect(await errorOf(inQuery)).toMatchObject({ param: 'n_best' });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(415);
    expect((await fetch(url)).status).toBe(405);
  });
});
