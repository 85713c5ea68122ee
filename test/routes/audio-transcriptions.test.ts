import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import { syntheticWav } from '../support/recording.ts';
import {
  errorOf,
  postRecording,
  recordingForm,
  startService,
  type TestService,
} from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

type Answer = {
  text: string;
  model: { id: string; sha256: string };
  decoder: string;
  duration: number;
  confidence: number;
  confidence_method: string;
};
type Verbose = Answer & {
  task: string;
  language: string;
  words?: { word: string; start: number; end: number; confidence: number }[];
  segments?: { id: number; start: number; end: number; text: string; avg_logprob: number }[];
};

describe('POST /v1/audio/transcriptions', () => {
  const wav = syntheticWav({ seconds: 3.21, seed: 5 });
  let models: TemporaryFolder;
  let service: TestService;
  let sha256: string;

  beforeAll(async () => {
    models = await temporaryFolder();
    ({ sha256 } = (await writeTinyModel(models.path)).ctc);
    service = await startService(models.path, {
      SORI_WORKERS: '2',
      SORI_MAX_AUDIO_SECONDS: '10',
      SORI_MAX_BODY_BYTES: '500000',
    });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  const post = (fields?: Parameters<typeof postRecording>[2]) =>
    postRecording(service, wav, fields);
  const verbose = async (fields = {}): Promise<Verbose> =>
    (await post({ response_format: 'verbose_json', ...fields })).json() as Promise<Verbose>;

  it('answers with the text, the model and its sha256, decoder, duration and confidence', async () => {
    const response = await post({ model: 'tiny' });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Answer;
    expect(answer).toEqual({
      text: expect.stringMatching(/^[a-z]+( [a-z]+)*$/),
      model: { id: 'tiny', sha256 },
      decoder: 'ctc_greedy',
      duration: 3.21,
      confidence: expect.any(Number),
      confidence_method: expect.stringMatching(/./),
    });
    expect(answer.confidence).toBeGreaterThanOrEqual(0);
    expect(answer.confidence).toBeLessThanOrEqual(1);
    const graph = await readFile(join(models.path, 'tiny', 'ctc.onnx'));
    const digest = await crypto.subtle.digest('SHA-256', graph);
    expect(answer.model.sha256).toBe(Buffer.from(digest).toString('hex'));
  });

  it('takes the only model where none is named, and what OpenAI clients send besides', async () => {
    const fields = { language: 'en', prompt: 'digits', temperature: '0.2', decoder: 'ctc_greedy' };
    const named = await (await post({ model: 'tiny' })).json();
    expect(await (await post(fields)).json()).toEqual(named);
  });

  it('gives OpenAI’s verbose shape, with segments unless words are asked for', async () => {
    const answer = await verbose();
    expect(answer).toMatchObject({ task: 'transcribe', language: 'en', duration: 3.21 });
    expect(answer.words).toBeUndefined();
    expect(answer.segments!.map(({ text }) => text).join(' ')).toBe(answer.text);
    expect(answer.segments![0]).toEqual({
      id: 0,
      seek: 0,
      start: expect.any(Number),
      end: expect.any(Number),
      text: expect.any(String),
      tokens: [],
      temperature: 0,
      avg_logprob: expect.any(Number),
      compression_ratio: expect.any(Number),
      no_speech_prob: expect.any(Number),
    });
  });

  it.each(['timestamp_granularities[]', 'timestamp_granularities'])(
    'gives words, in order and inside the recording, for %s=word',
    async (field) => {
      const answer = await verbose({ [field]: 'word' });
      expect(answer.segments).toBeUndefined();
      expect(answer.words!.map(({ word }) => word).join(' ')).toBe(answer.text);
      const times = answer.words!.flatMap(({ start, end }) => [start, end]);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times[0]).toBeGreaterThanOrEqual(0);
      expect(times.at(-1)).toBeLessThanOrEqual(answer.duration);
    },
  );

  it('gives words and segments where both are asked for', async () => {
    const answer = await verbose({ 'timestamp_granularities[]': ['word', 'segment'] });
    expect(answer.words!.length).toBeGreaterThanOrEqual(answer.segments!.length);
    expect(answer.segments!.length).toBeGreaterThan(0);
  });

  it('gives plain text, SubRip and WebVTT of the same words', async () => {
    const { text, segments } = await verbose();
    const plain = await post({ response_format: 'text' });
    expect(plain.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(plain.headers.get('x-sori-model-sha256')).toBe(sha256);
    expect(await plain.text()).toBe(`${text}\n`);

    const srt = await (await post({ response_format: 'srt' })).text();
    const cue = /^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n(.*)\n\n/;
    expect(cue.exec(srt)?.[1]).toBe(segments![0]!.text);

    const vtt = await post({ response_format: 'vtt' });
    expect(vtt.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
    const seconds = segments![0]!.start.toFixed(3).padStart(6, '0');
    expect(await vtt.text()).toMatch(new RegExp(`^WEBVTT\n\n00:00:${seconds} --> `));
  });

  it('gives an empty text for a recording shorter than one frame', async () => {
    const samples = new Float32Array(80);
    const short = encodeWav({ sampleRateHz: 8000, samples });
    const response = await postRecording(service, short, {
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect(await response.json()).toMatchObject({
      text: '',
      words: [],
      segments: [],
      duration: 0.01,
    });
  });

  it('gives the same bytes the same answer, alone and among forty others', async () => {
    const recordings = [wav, ...[1, 2, 3].map((seed) => syntheticWav({ seconds: seed, seed }))];
    const read = async (recording: Uint8Array) => (await postRecording(service, recording)).text();
    const alone: string[] = [];
    for (const recording of recordings) alone.push(await read(recording));
    const rounds = Array.from({ length: 10 }, () => recordings.map(read)).flat();
    const together = await Promise.all(rounds);
    expect(together).toEqual(Array.from({ length: 10 }, () => alone).flat());
    expect(new Set(alone).size).toBe(recordings.length);
  });

  it('names the request in the answer: by the client’s id, or by one of its own', async () => {
    const headers = { 'x-request-id': 'trace-42' };
    const named = await postRecording(service, wav, {}, { headers });
    expect(named.headers.get('x-request-id')).toBe('trace-42');
    const wild = { 'x-request-id': 'a b{}' };
    const own = (await postRecording(service, wav, {}, { headers: wild })).headers;
    expect(own.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs one line a request, with its id and figures and without a word of its text', async () => {
    const before = service.log().length;
    const headers = { 'x-request-id': 'logged-once' };
    const response = await postRecording(service, wav, { prompt: 'secret' }, { headers });
    const { text } = (await response.json()) as Answer;
    const lines = service.log().filter(({ reqId }) => reqId === 'logged-once');
    expect(lines).toEqual([
      expect.objectContaining({
        method: 'POST',
        route: '/v1/audio/transcriptions',
        status: 200,
        model: 'tiny',
        decoder: 'ctc_greedy',
        duration: 3.21,
        milliseconds: expect.any(Number),
        inference_ms: expect.any(Number),
      }),
    ]);
    expect(service.log().length).toBe(before + 1);
    expect(JSON.stringify(lines)).not.toContain(text);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  describe('refuses', () => {
    const cases: [string, Parameters<typeof postRecording>[2], number, string, string | null][] = [
      ['an unknown model', { model: 'whisper-1' }, 404, 'model_not_found', 'model'],
      ['a path as model', { model: '../tiny' }, 404, 'model_not_found', 'model'],
      ['an empty model', { model: '' }, 400, 'invalid_request', 'model'],
      ['another language', { language: 'fr' }, 400, 'invalid_request', 'language'],
      ['an unknown decoder', { decoder: 'magic' }, 400, 'invalid_request', 'decoder'],
      ['an unknown format', { response_format: 'xml' }, 400, 'invalid_request', 'response_format'],
      ['an unknown field', { beam: '3' }, 400, 'invalid_request', 'beam'],
      ['a field given twice', { model: ['tiny', 'tiny'] }, 400, 'invalid_request', 'model'],
      ['a prototype', { constructor: 'x' }, 400, 'invalid_request', null],
      ['a wild temperature', { temperature: '1.5' }, 400, 'invalid_request', 'temperature'],
      ['no temperature', { temperature: 'warm' }, 400, 'invalid_request', 'temperature'],
      [
        'words without verbose_json',
        { 'timestamp_granularities[]': 'word' },
        400,
        'invalid_request',
        'timestamp_granularities',
      ],
      [
        'an unknown granularity',
        { response_format: 'verbose_json', timestamp_granularities: 'letter' },
        400,
        'invalid_request',
        'timestamp_granularities',
      ],
      ['text in place of the file', { file: 'hello' }, 400, 'invalid_request', 'file'],
    ];
    it.each(cases)('%s', async (_, fields, status, code, param) => {
      const response = await post(fields);
      expect(response.status).toBe(status);
      expect(await errorOf(response)).toEqual({
        message: expect.stringMatching(/./),
        type: 'invalid_request_error',
        param,
        code,
      });
      expect(response.headers.get('x-request-id')).toMatch(/./);
    });

    it.each<[string, Uint8Array, number, string]>([
      ['a file that is no audio', Buffer.from('# Not a recording\n'), 422, 'undecodable_audio'],
      ['an empty file', new Uint8Array(0), 422, 'undecodable_audio'],
      ['a cut header', wav.slice(0, 20), 422, 'undecodable_audio'],
      [
        'a recording over the limit',
        syntheticWav({ seconds: 10.5, seed: 1 }),
        413,
        'audio_too_long',
      ],
      ['a body over the limit', new Uint8Array(500_001), 413, 'body_too_large'],
    ])('%s', async (_, file, status, code) => {
      const response = await postRecording(service, file);
      expect(response.status).toBe(status);
      expect(await errorOf(response)).toMatchObject({ code });
    });

    it('a body over the limit that does not say how long it is', async () => {
      const headers = { 'content-type': 'multipart/form-data; boundary=x' };
      const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
      const zeros = Array.from({ length: 20 }, () => Buffer.alloc(30_000));
      const chunks = [Buffer.from(head), ...zeros, Buffer.from('\r\n--x--\r\n')];
      const response = await fetch(`${service.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers,
        body: ReadableStream.from(chunks),
        duplex: 'half',
      } as RequestInit);
      expect(response.status).toBe(413);
      expect(await errorOf(response)).toMatchObject({ code: 'body_too_large' });
    });

    const bodies: [string, string | undefined, string, number, string][] = [
      ['a form without a file', 'multipart/form-data; boundary=x', '--x--\r\n', 400, 'missing'],
      ['a form without a boundary', 'multipart/form-data', '--x--\r\n', 400, 'malformed'],
      ['an empty form', 'multipart/form-data; boundary=x', '', 400, 'missing'],
      [
        'a form that breaks off',
        'multipart/form-data; boundary=x',
        '--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF',
        400,
        'malformed',
      ],
      [
        'two files',
        'multipart/form-data; boundary=x',
        ['one', 'two']
          .map(
            (name) =>
              `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${name}\r\n`,
          )
          .join('')
          .concat('--x--\r\n'),
        400,
        'two',
      ],
      [
        'a file in another field',
        'multipart/form-data; boundary=x',
        '--x\r\ncontent-disposition: form-data; name="model"; filename="a"\r\n\r\ntiny\r\n--x--\r\n',
        400,
        'expected a text field',
      ],
      ['JSON', 'application/json', '{}', 415, 'application/json'],
      ['bare audio', 'audio/wav', 'RIFF', 415, 'audio/wav'],
      ['no body at all', undefined, '', 415, 'multipart/form-data'],
    ];
    it.each(bodies)('%s', async (_, contentType, body, status, message) => {
      const response = await fetch(`${service.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers: contentType === undefined ? {} : { 'content-type': contentType },
        body: body === '' && contentType === undefined ? null : body,
      });
      expect(response.status).toBe(status);
      const error = await errorOf(response);
      expect(error.message).toContain(message);
      expect(error.code).toBe(status === 415 ? 'unsupported_media_type' : 'invalid_request');
    });

    it.each<[Parameters<typeof postRecording>[2], string]>([
      [{ model: '' }, 'model: expected text that is not empty, got ""'],
      [
        { response_format: 'xml' },
        'response_format: expected one of json, text, srt, vtt, verbose_json, got "xml"',
      ],
      [{ temperature: '1.2.3' }, 'temperature: expected a number from 0 to 1, got "1.2.3"'],
      [{ model: ['a', 'b'] }, 'field model: expected one value, got two'],
      [{ 'model[]': 'tiny' }, 'unknown field "model[]"'],
    ])('%j in plain words', async (fields, message) => {
      expect((await errorOf(await post(fields))).message).toBe(message);
    });

    it('a part without a name', async () => {
      const response = await fetch(`${service.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: '--x\r\ncontent-disposition: form-data\r\n\r\ntiny\r\n--x--\r\n',
      });
      expect([response.status, (await errorOf(response)).message]).toEqual([
        400,
        'form: expected a name in every part, got none',
      ]);
    });

    it('options in the query', async () => {
      const response = await fetch(`${service.url}/v1/audio/transcriptions?decoder=hmm`, {
        method: 'POST',
        body: recordingForm(wav),
      });
      expect(response.status).toBe(400);
      expect(await errorOf(response)).toMatchObject({
        code: 'invalid_request',
        param: 'decoder',
        message: 'unknown field "decoder" in the query: the options stand in the form',
      });
    });

    it('no body that says in capitals that it is not compressed', async () => {
      const identity = { 'content-encoding': 'IDENTITY' };
      expect((await postRecording(service, wav, {}, { headers: identity })).status).toBe(200);
    });

    it('a compressed body', async () => {
      const headers = { 'content-encoding': 'gzip' };
      const response = await postRecording(service, wav, {}, { headers });
      expect(response.status).toBe(415);
      expect(await errorOf(response)).toMatchObject({ code: 'unsupported_media_type' });
    });
  });
});
