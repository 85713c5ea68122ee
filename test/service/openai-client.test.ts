import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticWav } from '../support/recording.ts';
import { startService, startTinyService, type TestService, until } from '../support/service.ts';

describe('the openai client, unmodified', () => {
  let service: TestService;
  let client: OpenAI;

  beforeAll(async () => {
    service = await startTinyService([{}]);
    client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: 'unused', maxRetries: 0 });
  });
  afterAll(() => service.close());

  const file = () => toFile(syntheticWav({ seconds: 3, seed: 5 }), 'recording.wav');

  it('transcribes', async () => {
    const { text } = await client.audio.transcriptions.create({
      file: await file(),
      model: 'tiny',
    });
    expect(text).toMatch(/^[a-z ]+$/);
  });

  it('may say that it wants no stream, and is told that there is none', async () => {
    const body = { file: await file(), model: 'tiny' };
    const { text } = await client.audio.transcriptions.create({ ...body, stream: false });
    expect(text).toMatch(/^[a-z ]+$/);
    await expect(
      client.audio.transcriptions.create({ ...body, stream: true }),
    ).rejects.toMatchObject({
      status: 400,
      param: 'stream',
      message: expect.stringContaining('expected false, for an answer comes whole, got "true"'),
    });
  });

  it('gets words and segments', async () => {
    const verbose = await client.audio.transcriptions.create({
      file: await file(),
      model: 'tiny',
      language: 'en',
      prompt: 'digits',
      temperature: 0,
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect(verbose.words!.map(({ word }) => word).join(' ')).toBe(verbose.text);
    expect(verbose.segments!.length).toBeGreaterThan(0);
    expect(verbose.duration).toBe(3);
  });

  it('gets plain text and subtitles', async () => {
    const ask = async (format: 'text' | 'srt' | 'vtt') =>
      client.audio.transcriptions.create({
        file: await file(),
        model: 'tiny',
        response_format: format,
      });
    expect(await ask('text')).toMatch(/^[a-z ]+\n$/);
    expect(await ask('srt')).toMatch(/^1\n00:00:0\d,\d{3} --> /);
    expect(await ask('vtt')).toMatch(/^WEBVTT\n/);
  });

  it('gets log-probabilities of labels', async () => {
    const { text, logprobs } = await client.audio.transcriptions.create({
      file: await file(),
      model: 'tiny',
      response_format: 'json',
      include: ['logprobs'],
    });
    expect(logprobs!.map(({ token }) => token).join(' ')).toBe(text);
    for (const { logprob } of logprobs!) expect(logprob).toBeLessThanOrEqual(0);
  });

  it('sends our own fields along', async () => {
    const ours = { decoder: 'ctc_beam', hotwords: ['five:20'], beam_width: 20 };
    const answer = await client.audio.transcriptions.create({
      file: await file(),
      model: 'tiny',
      ...ours,
    });
    expect(answer).toMatchObject({ decoder: 'ctc_beam', text: expect.stringContaining('five') });
  });

  it('finds the models', async () => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toEqual(['tiny']);
    expect((await client.models.retrieve('tiny')).owned_by).toBe('sori');
  });

  it('reads our errors as its own', async () => {
    const wrong = client.audio.transcriptions.create({ file: await file(), model: 'whisper-1' });
    await expect(wrong).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(wrong).rejects.toMatchObject({
      code: 'model_not_found',
      param: 'model',
      type: 'invalid_request_error',
    });
    const noise = await toFile(Buffer.from('not audio'), 'a.wav');
    await expect(
      client.audio.transcriptions.create({ file: noise, model: 'tiny' }),
    ).rejects.toBeInstanceOf(OpenAI.UnprocessableEntityError);
    const wild = client.audio.transcriptions.create({
      file: await file(),
      model: 'tiny',
      temperature: 3,
    });
    await expect(wild).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(wild).rejects.toMatchObject({ code: 'invalid_request', param: 'temperature' });
  });

  it('reads that the service is busy or stops as something to come back for', async () => {
    const busy = await startService(service.config.modelsDirectory, { SORI_QUEUE_LIMIT: '0' });
    const baseURL = `${busy.url}/v1`;
    const hasty = new OpenAI({ baseURL, apiKey: 'unused', maxRetries: 0 });
    const body = {
      file: await toFile(syntheticWav({ seconds: 300, seed: 5 }), 'a.wav'),
      model: 'tiny',
    };
    try {
      const first = hasty.audio.transcriptions.create(body);
      await until(() => busy.app.recognition.pool!.running === 1);
      const refused = hasty.audio.transcriptions.create({ file: await file(), model: 'tiny' });
      await expect(refused).rejects.toBeInstanceOf(OpenAI.RateLimitError);
      const patient = new OpenAI({ baseURL, apiKey: 'unused', maxRetries: 60 });
      const later = patient.audio.transcriptions.create({ file: await file(), model: 'tiny' });
      expect((await first).text).toMatch(/^[a-z ]+$/);
      expect((await later).text).toMatch(/^[a-z ]+$/);
      busy.app.recognition.drain();
      const stopped = hasty.audio.transcriptions.create({ file: await file(), model: 'tiny' });
      await expect(stopped).rejects.toBeInstanceOf(OpenAI.InternalServerError);
      await expect(stopped).rejects.toMatchObject({ status: 503, code: 'not_ready' });
    } finally {
      await busy.close();
    }
  });
});
