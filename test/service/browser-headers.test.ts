import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticWav } from '../support/recording.ts';
import { postRecording, startTinyService, type TestService } from '../support/service.ts';

const wav = syntheticWav({ seconds: 0.5, seed: 1 });
const [friend, stranger] = ['https://sori.example', 'https://elsewhere.example'];

describe('what browsers are told', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTinyService([{}]);
  });
  afterAll(() => service.close());

  it.each<[string, number]>([
    ['/', 200],
    ['/learn', 200],
    ['/page/web/main.ts', 200],
    ['/docs', 200],
    ['/openapi.json', 200],
    ['/livez', 200],
    ['/metrics', 200],
    ['/v1/models', 200],
    ['/v1/models/none', 404],
    ['/v1/audio/transcriptions', 405],
    ['/nowhere', 404],
    ['/%zz', 400],
  ])('of %s: what it is, and that no page of others may frame it', async (path, status) => {
    const response = await fetch(service.url + path);
    expect(response.status).toBe(status);
    const { headers } = response;
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const policy = headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-inline'/);
    // Whether a host is to be asked over https alone is for whoever ends TLS before it.
    expect(headers.has('strict-transport-security')).toBe(false);
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  it('of an answer: that it may load nothing', async () => {
    const { headers } = await postRecording(service, wav);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none'",
    );
  });

  it('asked by OPTIONS, is no route unless origins are let in', async () => {
    const response = await fetch(`${service.url}/v1/models`, { method: 'OPTIONS' });
    expect(response.status).toBe(405);
  });
});

describe('a service that lets an origin in', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTinyService([{}], {
      SORI_CORS_ORIGINS: `${friend}, http://localhost:3000`,
      SORI_API_KEY_HASHES: '0'.repeat(64),
    });
  });
  afterAll(() => service.close());

  const preflight = (origin: string) =>
    fetch(`${service.url}/v1/audio/transcriptions`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
      },
    });

  it('tells its pages before they ask that they may, with an API key', async () => {
    const { status, headers } = await preflight(friend);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(friend);
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-headers')).toContain('authorization');
    expect(headers.get('access-control-max-age')).toBe('600');
    expect(headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('lets them read its answers, errors among them, and what the headers say', async () => {
    for (const path of ['/v1/models', '/v1/nowhere', '/openapi.json']) {
      const { headers } = await fetch(service.url + path, { headers: { origin: friend } });
      expect(headers.get('access-control-allow-origin'), path).toBe(friend);
      expect(headers.get('vary'), path).toMatch(/origin/i);
      const exposed = headers.get('access-control-expose-headers')!.split(', ');
      expect(exposed).toEqual(expect.arrayContaining(['x-request-id', 'retry-after']));
    }
  });

  it('lets no other', async () => {
    const { headers } = await preflight(stranger);
    expect(headers.has('access-control-allow-origin')).toBe(false);
    const asked = await fetch(`${service.url}/v1/models`, { headers: { origin: stranger } });
    expect(asked.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('answers an OPTIONS that asks for nothing as one that does', async () => {
    const response = await fetch(`${service.url}/v1/nowhere`, { method: 'OPTIONS' });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });
});
