import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { syntheticWav } from '../support/recording.ts';
import { postRecording, startTinyService, type TestService, until } from '../support/service.ts';
import { seriousFaults } from './accessibility.ts';
import { hasChromium, openPage, startChromium, type WatchedPage } from './chromium.ts';

const sounds = syntheticWav({ seconds: 1.5, seed: 1 });
const noRecording = Buffer.from('not a recording');

async function choose(page: Page, bytes: Uint8Array = sounds): Promise<void> {
  const buffer = Buffer.from(bytes);
  await page.setInputFiles('#file', { name: 'file.wav', mimeType: '', buffer });
}

/** The failure that is shown in words with its code, nothing going on any more. */
async function expectProblem(page: Page, words: string, code: string): Promise<void> {
  const place = page.getByRole('alert').filter({ hasText: /./u });
  await place.waitFor();
  const shown = (await place.textContent())!;
  expect(shown).toContain(words);
  expect(shown).toContain(`[${code}]`);
  expect(await page.locator('#progress').isHidden()).toBe(true);
  expect(await page.locator('#cancel').isHidden()).toBe(true);
  expect(await page.locator('#record').isEnabled()).toBe(true);
}

/** Chromium itself notes each answer that is an error; nothing else may be said on the console. */
function otherComplaints({ complaints }: WatchedPage): string[] {
  return complaints.filter((line) => !line.startsWith('Failed to load resource'));
}

describe.skipIf(!hasChromium)('the page when something goes wrong', () => {
  const models = [{ hmm: true, hidden: 32 }];
  let browser: Browser;
  /** With no limit that matters. */
  let service: TestService;
  beforeAll(async () => {
    browser = await startChromium();
    service = await startTinyService(models);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const open = (at: { readonly url: string } = service, look = {}): Promise<WatchedPage> =>
    openPage(browser, `${at.url}/`, look);

  describe('at the service', () => {
    const keyHash = createHash('sha256').update('a key').digest('hex');
    it.each([
      ['a file is no recording', {}, noRecording, 'is no recording', 'undecodable_audio'],
      ['a file is empty', {}, new Uint8Array(0), 'is no recording', 'undecodable_audio'],
      [
        'a file has too many bytes',
        { SORI_MAX_BODY_BYTES: '2000' },
        sounds,
        'too large',
        'body_too_large',
      ],
      [
        'a recording has too many seconds',
        { SORI_MAX_AUDIO_SECONDS: '1' },
        sounds,
        'too long',
        'audio_too_long',
      ],
      ['time is up', { SORI_DEADLINE_SECONDS: '0.001' }, sounds, 'in time', 'deadline_exceeded'],
      ['it wants a key', { SORI_API_KEY_HASHES: keyHash }, sounds, 'API key', 'unauthorized'],
      ['its rate is limited', { SORI_RATE_LIMIT: '1' }, sounds, 'Wait', 'rate_limit_exceeded'],
    ] as const)('says so when %s', async (_, settings, file, words, code) => {
      const strict = Object.keys(settings).length === 0 ? service : undefined;
      const asked = strict ?? (await startTinyService(models, settings));
      const watched = await open(asked);
      await choose(watched.page, file);
      await expectProblem(watched.page, words, code);
      expect(otherComplaints(watched)).toEqual([]);
      await watched.context.close();
      if (strict === undefined) await asked.close();
    });

    const poolOf = (asked: TestService) => asked.app.recognition.pool!;
    it.each([
      [
        'its queue is full',
        'busy',
        'queue_full',
        async (asked: TestService) => {
          const long = syntheticWav({ seconds: 300, seed: 2 });
          const controller = new AbortController();
          const { signal } = controller;
          void postRecording(asked, long, {}, { signal }).catch(() => {});
          await until(() => poolOf(asked).running === 1);
          return () => controller.abort();
        },
      ],
      [
        'the thread that had the request ends',
        'lost the request',
        'worker_died',
        async (asked: TestService) => {
          const pool = poolOf(asked);
          const { run } = pool;
          pool.run = (...given) => {
            pool.run = run;
            void pool.threads[0]!.terminate();
            return pool.run(...given);
          };
        },
      ],
      [
        'it has a fault',
        'the service failed',
        'internal_error',
        async (asked: TestService) => {
          poolOf(asked).run = () => Promise.reject(new TypeError('a fault'));
        },
      ],
      [
        'it is gone',
        'cannot be reached',
        'unreachable',
        async (asked: TestService) => {
          await asked.close();
        },
      ],
    ] as const)('says so when %s', async (_, words, code, spoil) => {
      const asked = await startTinyService(models, { SORI_QUEUE_LIMIT: '0' });
      const watched = await open(asked);
      const relieve = await spoil(asked);
      await choose(watched.page);
      await expectProblem(watched.page, words, code);
      expect(otherComplaints(watched)).toEqual([]);
      await watched.context.close();
      relieve?.();
      await asked.close();
    });

    it('says so while it loads its models', async () => {
      const app = buildApp({ config: readConfig({}), logger: pino({ level: 'silent' }) });
      await app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = app.server.address() as AddressInfo;
      const { page, context } = await open({ url: `http://127.0.0.1:${port}` });
      await choose(page);
      await expectProblem(page, 'loading its models', 'not_ready');
      await context.close();
      await app.close();
    });

    it('says so when several models are served and none is the default', async () => {
      const asked = await startTinyService([{ name: 'one' }, { name: 'two' }]);
      const { page, context } = await open(asked);
      await choose(page);
      await expectProblem(page, 'does not understand', 'invalid_request');
      await context.close();
      await asked.close();
    });

    it('says so when what was really said is too long, and keeps what was heard', async () => {
      const { page, context } = await open();
      await choose(page);
      await page.locator('#inside').waitFor();
      await page.evaluate(`document.getElementById('reference').value = 'a '.repeat(5001)`);
      await page.getByRole('button', { name: 'Count errors' }).click();
      await expectProblem(page, 'does not understand', 'invalid_request');
      expect(await page.locator('.texts').count()).toBe(1);
      await context.close();
    });
  });

  describe('on the way', () => {
    const refusal = (code: string, message = 'why') => ({ error: { code, message } });
    it.each([
      [
        'sending takes too long',
        'comparisons',
        (route: Route) => route.fulfill({ status: 408, json: refusal('request_timeout') }),
        'took too long',
        'request_timeout',
      ],
      [
        'the service has too much to do',
        'comparisons',
        (route: Route) => route.fulfill({ status: 503, json: refusal('overloaded') }),
        'too much to do',
        'overloaded',
      ],
      [
        'it has a reason that the page does not know',
        'comparisons',
        (route: Route) => route.fulfill({ status: 418, json: refusal('teapot') }),
        'refused. [teapot] why',
        'teapot',
      ],
      [
        'a proxy answers in its place',
        'comparisons',
        (route: Route) => route.fulfill({ status: 502, body: '<h1>Bad Gateway</h1>' }),
        'refused',
        'http_502',
      ],
      [
        'the connection breaks after the comparison',
        'emissions',
        (route: Route) => route.abort('connectionreset'),
        'cannot be reached',
        'unreachable',
      ],
    ] as const)('says so when %s', async (_, path, answer, words, code) => {
      const watched = await open();
      await watched.page.route(`**/v1/audio/${path}`, answer);
      await choose(watched.page);
      await expectProblem(watched.page, words, code);
      expect(otherComplaints(watched)).toEqual([]);
      await watched.context.close();
    });

    it('says that it has itself failed when an answer is none, and tells the console', async () => {
      const { page, context, complaints } = await open();
      await page.route('**/v1/audio/comparisons', (route) => route.fulfill({ body: '<p>' }));
      await choose(page);
      await expectProblem(page, 'this page itself', 'page_failed');
      expect(complaints).toEqual([expect.stringContaining('SyntaxError')]);
      await context.close();
    });

    it('says so when an example cannot be fetched', async () => {
      const watched = await open();
      await watched.page.route('**/examples/*', (route) => route.abort());
      await watched.page.locator('.example').first().click();
      await expectProblem(watched.page, 'cannot be reached', 'unreachable');
      expect(otherComplaints(watched)).toEqual([]);
      await watched.context.close();
    });

    it('shows the rest where the HMM’s path is refused', async () => {
      const { page, context } = await open();
      const json = refusal('unalignable_text');
      await page.route('**/v1/audio/alignments', (route) => route.fulfill({ status: 422, json }));
      await choose(page);
      await page.locator('#inside').waitFor();
      expect(await page.getByRole('alert').textContent()).toBe('');
      await context.close();
    });
  });

  describe('then', () => {
    it('forgets a failure as soon as something else is begun', async () => {
      const { page, context } = await open();
      await choose(page, noRecording);
      await expectProblem(page, 'is no recording', 'undecodable_audio');
      expect(await seriousFaults(page)).toEqual([]);
      await choose(page);
      await page.locator('#inside').waitFor();
      expect(await page.getByRole('alert').textContent()).toBe('');
      await context.close();
    });

    it('says it in the language that is chosen', async () => {
      const { page, context } = await open(service, { locale: 'ko-KR' });
      await choose(page, noRecording);
      await expectProblem(page, '읽을 수 있는 녹음이 아니거나', 'undecodable_audio');
      await page.selectOption('#language', 'en');
      await expectProblem(page, 'is no recording', 'undecodable_audio');
      await context.close();
    });
  });
});
