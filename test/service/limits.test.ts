import { createHash } from 'node:crypto';
import { OpenAI, RateLimitError } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { syntheticWav } from '../support/recording.ts';
import { samplesOf, sumOf } from '../support/samples.ts';
import { errorOf, postRecording, startTinyService, type TestService } from '../support/service.ts';

const wav = syntheticWav({ seconds: 0.5, seed: 1 });
const dims = 24;
let service: TestService;
afterEach(() => service.close());

const get = (path: string, init?: RequestInit) => fetch(service.url + path, init);
const statusOf = async (headers: Record<string, string> = {}) =>
  (await postRecording(service, wav, {}, { headers })).status;

/** One row of features as bare numbers. */
const postRow = () =>
  get(`/v1/features/transcriptions?frames=1&dims=${dims}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(4 * dims),
  });

/** What is not recognition, and is therefore never limited. */
async function expectOthersAnswered(): Promise<void> {
  const paths = ['/livez', '/readyz', '/metrics', '/openapi.json', '/docs', '/', '/v1/models'];
  for (const path of paths) expect((await get(path)).status, path).toBe(200);
}

async function failures(code: string): Promise<number> {
  const samples = samplesOf(await (await get('/metrics')).text());
  return sumOf(samples, 'sori_failures_total', { reason: 'rejected', code });
}

describe('a rate limit', () => {
  it('is none unless it is asked for', async () => {
    service = await startTinyService([{}]);
    const answer = await postRow();
    expect(answer.status).toBe(200);
    expect([...answer.headers.keys()].filter((name) => name.includes('ratelimit'))).toEqual([]);
  });

  it('turns away what a client asks beyond it, on all routes of recognition together', async () => {
    service = await startTinyService([{}], { SORI_RATE_LIMIT: '2' });
    expect(await statusOf()).toBe(200);
    const last = await postRow();
    expect(last.status).toBe(200);
    expect(last.headers.get('x-ratelimit-remaining')).toBe('0');
    for (const refused of [await postRow(), await postRecording(service, wav)]) {
      expect(refused.status).toBe(429);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(60);
      expect(await errorOf(refused)).toEqual({
        message: expect.stringMatching(
          /^expected at most 2 requests a minute, got more: come again in \d+ s$/,
        ),
        type: 'rate_limit_error',
        param: null,
        code: 'rate_limit_exceeded',
      });
    }
    expect(await failures('rate_limit_exceeded')).toBe(2);
    await expectOthersAnswered();
  });

  it('counts each API key for itself, and what brings none not at all', async () => {
    const hashes = ['one', 'two'].map((key) => createHash('sha256').update(key).digest('hex'));
    const SORI_API_KEY_HASHES = hashes.join(' ');
    service = await startTinyService([{}], { SORI_RATE_LIMIT: '1', SORI_API_KEY_HASHES });
    for (let guess = 0; guess < 3; guess++) expect(await statusOf()).toBe(401);
    for (const key of ['one', 'two'])
      expect(await statusOf({ authorization: `Bearer ${key}` })).toBe(200);
    expect(await statusOf({ authorization: 'bearer  one' })).toBe(429);
    const client = new OpenAI({ apiKey: 'two', baseURL: `${service.url}/v1`, maxRetries: 0 });
    const file = new File([wav.slice()], 'a.wav');
    const asked = client.audio.transcriptions.create({ file, model: 'tiny' });
    await expect(asked).rejects.toThrow(RateLimitError);
  });

  it('believes what a trusted proxy says of the client, a network of IPv6 being one', async () => {
    const limits = { SORI_RATE_LIMIT: '1', SORI_TRUSTED_PROXIES: 'loopback' };
    service = await startTinyService([{}], limits);
    const behind = (address: string) => statusOf({ 'x-forwarded-for': address });
    expect(await behind('203.0.113.1')).toBe(200);
    expect(await behind('203.0.113.2')).toBe(200);
    expect(await behind('198.51.100.7, 203.0.113.2')).toBe(429);
    expect(await behind('2001:db8::1')).toBe(200);
    expect(await behind('2001:db8::2')).toBe(429);
    expect(await behind('2001:db8:0:1::2')).toBe(200);
  });

  it('believes nobody else', async () => {
    const limits = { SORI_RATE_LIMIT: '1', SORI_TRUSTED_PROXIES: '10.0.0.0/8' };
    service = await startTinyService([{}], limits);
    expect(await statusOf({ 'x-forwarded-for': '203.0.113.1' })).toBe(200);
    expect(await statusOf({ 'x-forwarded-for': '203.0.113.2' })).toBe(429);
  });
});

describe('a service with too much to do', () => {
  /** The first answer that is not 200 when asked again and again. */
  async function firstRefusal(): Promise<Response> {
    for (;;) {
      const response = await postRow();
      if (response.status !== 200) return response;
      await response.arrayBuffer();
    }
  }

  it('answers 503 while its heap is full, goes on being ready, and answers all else', async () => {
    service = await startTinyService([{}], { SORI_MAX_HEAP_BYTES: '1' });
    const refused = await firstRefusal();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await errorOf(refused)).toEqual({
      message: 'the service has too much to do: its heap is full',
      type: 'server_error',
      param: null,
      code: 'overloaded',
    });
    expect(await failures('overloaded')).toBe(1);
    await expectOthersAnswered();
  });

  it('answers 503 while the process has more memory than it may', async () => {
    service = await startTinyService([{}], { SORI_MAX_MEMORY_BYTES: '1' });
    const { message, code } = await errorOf(await firstRefusal());
    expect([code, message]).toEqual([
      'overloaded',
      'the service has too much to do: its memory is full',
    ]);
  });

  it('answers 503 while its event loop lags, and recovers', async () => {
    service = await startTinyService([{}], { SORI_MAX_EVENT_LOOP_LAG_SECONDS: '0.05' });
    const nothing = new Int32Array(new SharedArrayBuffer(4));
    const stall = setInterval(() => Atomics.wait(nothing, 0, 0, 100), 1);
    const { message } = await errorOf(await firstRefusal());
    clearInterval(stall);
    expect(message).toBe('the service has too much to do: its event loop lags');
    let status = 503;
    while (status === 503) ({ status } = await postRow());
    expect(status).toBe(200);
  });

  it('goes on where no limit is set', async () => {
    service = await startTinyService([{}], {
      SORI_MAX_EVENT_LOOP_LAG_SECONDS: '0',
      SORI_MAX_HEAP_BYTES: '0',
      SORI_MAX_MEMORY_BYTES: '0',
    });
    expect((await postRow()).status).toBe(200);
  });
});
