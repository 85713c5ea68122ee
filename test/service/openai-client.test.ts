import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticWav } from '../support/recording.ts';
import { startService, type TestService } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

describe('the openai client, unmodified', () => {
  let models: TemporaryFolder;
  let service: TestService;
  let client: OpenAI;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path);
    service = await startService(models.path);
    client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: 'unused', maxRetries: 0 });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

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
    const ask = async (format: 'text' | 'vtt') =>
      client.audio.transcriptions.create({
        file: await file(),
        model: 'tiny',
        response_format: format,
      });
    expect(await ask('text')).toMatch(/^[a-z ]+\n$/);
    expect(await ask('vtt')).toMatch(/^WEBVTT\n/);
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
  });
});
