import { createHash } from 'node:crypto';
import { AuthenticationError, OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';
import { syntheticWav } from '../support/recording.ts';
import { errorOf, recordingForm, startService, type TestService } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

const keys = ['correct-horse', 'battery+staple/='];
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');

describe('a service with API keys', () => {
  const wav = syntheticWav({ seconds: 0.5, seed: 1 });
  let models: TemporaryFolder;
  let service: TestService;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path);
    const [first, second] = keys.map(hashOf);
    service = await startService(models.path, {
      SORI_API_KEY_HASHES: ` ${first},\n${second!.toUpperCase()} `,
    });
  });
  afterAll(async () => {
    await service.close();
    await models.remove();
  });

  const get = (path: string, authorization?: string) =>
    fetch(service.url + path, authorization === undefined ? {} : { headers: { authorization } });

  it('lets those in who bring one of them', async () => {
    for (const key of keys) {
      const authorization = `Bearer ${key}`;
      expect((await get('/v1/models', authorization)).status).toBe(200);
      const post = { method: 'POST', headers: { authorization }, body: recordingForm(wav) };
      const response = await fetch(`${service.url}/v1/audio/transcriptions`, post);
      expect(response.status).toBe(200);
    }
    expect((await get('/v1/models', `bearer  ${keys[0]}`)).status).toBe(200);
  });

  it.each([
    [undefined, 'none'],
    ['', 'none'],
    ['Bearer', 'none'],
    ['Bearer ', 'none'],
    [`Basic ${keys[0]}`, 'none'],
    [keys[0], 'none'],
    [`Bearer ${keys[0]} ${keys[1]}`, 'none'],
    ['Bearer wrong', 'another'],
    [`Bearer ${keys[0]}x`, 'another'],
    [`Bearer ${hashOf(keys[0]!)}`, 'another'],
  ])('turns away who sends %s', async (authorization, got) => {
    const response = await get('/v1/models', authorization);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await errorOf(response)).toEqual({
      message: `expected an API key in the header authorization ("Bearer …"), got ${got}`,
      type: 'authentication_error',
      param: null,
      code: 'unauthorized',
    });
  });

  it('asks for one under every path of /v1 before it reads anything, and nowhere else', async () => {
    const post = { method: 'POST', body: recordingForm(wav) };
    for (const path of ['audio/transcriptions', 'audio/comparisons', 'audio/emissions'])
      expect((await fetch(`${service.url}/v1/${path}`, post)).status).toBe(401);
    for (const path of ['/livez', '/readyz', '/metrics', '/openapi.json', '/docs'])
      expect((await get(path)).status, path).toBe(200);
  });

  it('is an AuthenticationError to OpenAI’s client, which brings its key', async () => {
    const clientOf = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${service.url}/v1` });
    await expect(clientOf('wrong').models.list()).rejects.toThrow(AuthenticationError);
    const list = await clientOf(keys[0]!).models.list();
    expect(list.data.map(({ id }) => id)).toEqual(['tiny']);
  });

  it('writes no key into its log', () => {
    const log = JSON.stringify(service.log());
    expect(log).toContain('unauthorized');
    for (const key of [...keys, 'wrong']) expect(log).not.toContain(key);
  });
});

it('refuses a key where its hash belongs, and does not show it', () => {
  const read = () => readConfig({ SORI_API_KEY_HASHES: 'correct-horse' });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(
    /^SORI_API_KEY_HASHES: expected SHA-256 hashes of 64 hexadecimal digits each, got something else$/,
  );
});
