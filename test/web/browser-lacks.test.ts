import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTinyService, type TestService } from '../support/service.ts';
import { hasChromium, openPage, startChromium } from './chromium.ts';

const refusing = (name: string) => `
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('why', '${name}'); };
`;

/** Keeps what the microphone gives where the test can see it, and waits for `answered` before. */
const keepingStream = `
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wanted) => {
    await globalThis.answered;
    globalThis.stream = await ask(wanted);
    return globalThis.stream;
  };
`;
const streamState = 'globalThis.stream?.getTracks()[0].readyState';

/** A host that is neither localhost nor https: browsers give it no microphone and no clipboard. */
const insecureHost = 'sori.test';

describe.skipIf(!hasChromium)('the page in a browser that lacks something', () => {
  let browser: Browser;
  let service: TestService;
  beforeAll(async () => {
    browser = await startChromium(undefined, [
      '--use-fake-device-for-media-stream',
      `--host-resolver-rules=MAP ${insecureHost} 127.0.0.1`,
    ]);
    service = await startTinyService([{ hmm: true }]);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const problem = (page: Awaited<ReturnType<typeof openPage>>['page']) =>
    page.getByRole('alert').filter({ hasText: /./u });

  it.each([
    ['is denied', '', [], 'does not let this page', 'microphone_denied'],
    [
      'is used by another',
      refusing('NotReadableError'),
      ['microphone'],
      'another program',
      'microphone_busy',
    ],
    ['fails', refusing('AbortError'), ['microphone'], 'could not be opened', 'microphone_failed'],
    [
      'cannot be recorded from',
      'delete globalThis.AudioWorkletNode;',
      ['microphone'],
      'cannot record',
      'microphone_unsupported',
    ],
  ] as const)('says that the microphone %s', async (_, before, permissions, words, code) => {
    const look = { permissions: [...permissions], before };
    const { page, context, complaints } = await openPage(browser, `${service.url}/`, look);
    await page.getByRole('button', { name: 'Record' }).click();
    await expect.poll(() => problem(page).textContent()).toContain(words);
    expect(await problem(page).textContent()).toContain(`[${code}]`);
    expect(await page.getByRole('button', { name: 'Record' }).isEnabled()).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says that there is no microphone', async () => {
    const without = await startChromium(undefined, ['--use-fake-ui-for-media-stream']);
    const look = { permissions: ['microphone'] };
    const { page } = await openPage(without, `${service.url}/`, look);
    await page.getByRole('button', { name: 'Record' }).click();
    await expect.poll(() => problem(page).textContent()).toContain('[microphone_missing]');
    await without.close();
  });

  it('says that the recorder could not be loaded, and lets the microphone go', async () => {
    const before = `
      ${keepingStream}
      AudioWorklet.prototype.addModule = async () => { throw new DOMException('why', 'AbortError'); };
    `;
    const look = { permissions: ['microphone'], before };
    const { page, context } = await openPage(browser, `${service.url}/`, look);
    await page.getByRole('button', { name: 'Record' }).click();
    await expect.poll(() => problem(page).textContent()).toContain('[microphone_failed]');
    expect(await page.evaluate(streamState)).toBe('ended');
    await context.close();
  });

  it('says that nothing was recorded', async () => {
    const look = { permissions: ['microphone'] };
    const { page, context } = await openPage(browser, `${service.url}/`, look);
    // Stops in the moment in which it begins, before there is any sound.
    await page.evaluate(`{
      const button = document.getElementById('record');
      const stop = () => button.getAttribute('aria-pressed') === 'true' && button.click();
      new MutationObserver(stop).observe(button, { attributeFilter: ['aria-pressed'] });
    }`);
    await page.getByRole('button', { name: 'Record' }).click();
    await expect.poll(() => problem(page).textContent()).toContain('[nothing_recorded]');
    await context.close();
  });

  it('lets a question for the microphone be cancelled, and a late answer go', async () => {
    const before = `
      globalThis.answered = new Promise((resolve) => { globalThis.answer = resolve; });
      ${keepingStream}
    `;
    const look = { permissions: ['microphone'], before };
    const { page, context, complaints } = await openPage(browser, `${service.url}/`, look);
    await page.getByRole('button', { name: 'Record' }).click();
    await page.getByText('Waiting for the microphone').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
    expect(await page.getByRole('button', { name: 'Record' }).isEnabled()).toBe(true);
    await page.evaluate('globalThis.answer()');
    await expect.poll(() => page.evaluate(streamState)).toBe('ended');
    expect(await page.getByRole('button', { name: 'Record' }).count()).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('ends a recording whose microphone is pulled out, and keeps what was said', async () => {
    const look = { permissions: ['microphone'], before: keepingStream };
    const { page, context, complaints } = await openPage(browser, `${service.url}/`, look);
    const soFar = page.waitForRequest('**/v1/audio/transcriptions');
    await page.getByRole('button', { name: 'Record' }).click();
    await soFar;
    await page.evaluate(`globalThis.stream.getTracks()[0].dispatchEvent(new Event('ended'))`);
    await page.locator('#inside').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says over plain http that there is no microphone and no copying, and works otherwise', async () => {
    const url = service.url.replace('127.0.0.1', insecureHost);
    const { page, context, complaints } = await openPage(browser, `${url}/`);
    await page.getByRole('button', { name: 'Record' }).click();
    await expect.poll(() => problem(page).textContent()).toContain('[microphone_insecure]');
    await page.locator('.example').first().click();
    await page.locator('#inside').waitFor();
    for (const [button, said] of [
      ['as JSON', '#copied'],
      ['as PNG', '#picture-copied'],
      ['as SVG', '#picture-copied'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await page.locator(said, { hasText: 'does not let the page copy' }).waitFor();
      await page.evaluate(`document.querySelector('${said}').textContent = ''`);
    }
    // Chromium says of two of the headers that they hold only where the page can be trusted.
    expect(complaints.filter((line) => !/Cross-Origin-Opener|Origin-Agent/u.test(line))).toEqual(
      [],
    );
    await context.close();
  });

  it('speaks the browser’s language where nothing may be kept', async () => {
    const before = `
      Object.defineProperty(globalThis, 'localStorage', {
        get() { throw new DOMException('why', 'SecurityError'); },
      });
    `;
    const look = { locale: 'ko-KR', before };
    const { page, context, complaints } = await openPage(browser, `${service.url}/`, look);
    await page.getByRole('button', { name: '녹음' }).waitFor();
    await page.selectOption('#language', 'en');
    await page.getByRole('button', { name: 'Record' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each(['/', '/learn'])('says that it needs JavaScript: %s', async (path) => {
    const bare = await startChromium(undefined, ['--blink-settings=scriptEnabled=false']);
    const page = await bare.newPage();
    await page.goto(service.url + path);
    // Without scripts a test can ask only what the inspector knows: where the words are.
    const inspector = await page.context().newCDPSession(page);
    const { root } = await inspector.send('DOM.getDocument');
    const selector = 'noscript > .problem';
    const { nodeId } = await inspector.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    const { model } = await inspector.send('DOM.getBoxModel', { nodeId });
    expect(model.height).toBeGreaterThan(10);
    await bare.close();
  });
});
