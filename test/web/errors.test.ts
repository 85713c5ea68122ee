import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type TestService } from '../support/service.ts';
import { hasChromium, openPage, startChromium } from './chromium.ts';

const modelsDirectory = fileURLToPath(new URL('../../models', import.meta.url));
const spoken = fileURLToPath(new URL('../../web/examples/repeated-digits.wav', import.meta.url));

/** The failure that is shown, once there is one. */
async function problem(page: Page): Promise<string> {
  const place = page.locator('#problem', { hasText: /./u });
  await place.waitFor();
  expect(await page.locator('#progress').isHidden()).toBe(true);
  return (await place.textContent())!;
}

describe.skipIf(!hasChromium)('the page when something goes wrong', () => {
  let browser: Browser;
  let service: TestService;
  beforeAll(async () => {
    browser = await startChromium();
    service = await startService(modelsDirectory, {
      SORI_MAX_AUDIO_SECONDS: '2',
      SORI_MAX_BODY_BYTES: '200000',
    });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  /** Opens a page of its own, and chooses a file there. */
  async function chosen(bytes: Uint8Array, name = 'file.wav'): Promise<Page> {
    const { page } = await openPage(browser, `${service.url}/`);
    await page.setInputFiles('#file', { name, mimeType: '', buffer: Buffer.from(bytes) });
    return page;
  }

  it('says that a file is no recording', async () => {
    const page = await chosen(Buffer.from('not a recording'));
    expect(await problem(page)).toMatch(/is no recording .*\[undecodable_audio\] \S/u);
  });

  it('says that a file is too large', async () => {
    const page = await chosen(new Uint8Array(300_000));
    expect(await problem(page)).toMatch(/too large.*\[body_too_large\] \S/u);
  });

  it('says that a recording is too long', async () => {
    const page = await chosen(readFileSync(spoken));
    expect(await problem(page)).toMatch(/too long.*\[audio_too_long\] \S/u);
  });

  it('says that an answer did not come in time', async () => {
    const hasty = await startService(modelsDirectory, { SORI_DEADLINE_SECONDS: '0.001' });
    const { page } = await openPage(browser, `${hasty.url}/`);
    await page.setInputFiles('#file', spoken);
    expect(await problem(page)).toMatch(/in time.*\[deadline_exceeded\] \S/u);
    await hasty.close();
  });

  it('says that the service is gone', async () => {
    const leaving = await startService(modelsDirectory);
    const { page } = await openPage(browser, `${leaving.url}/`);
    await leaving.close();
    await page.setInputFiles('#file', spoken);
    expect(await problem(page)).toMatch(/cannot be reached.*\[unreachable\]/u);
  });

  it('says that the microphone may not be used', async () => {
    const { page } = await openPage(browser, `${service.url}/`);
    await page.getByRole('button', { name: 'Record' }).click();
    expect(await problem(page)).toMatch(/\[microphone_(?:denied|missing)\] \S/u);
    expect(await page.getByRole('button', { name: 'Record' }).isEnabled()).toBe(true);
  });

  it('forgets a failure as soon as something else is begun', async () => {
    const page = await chosen(Buffer.from('not a recording'));
    await problem(page);
    await page.setInputFiles(
      '#file',
      fileURLToPath(new URL('../fixtures/audio/mono.mp3', import.meta.url)),
    );
    await page.locator('#inside').waitFor();
    expect(await page.locator('#problem').textContent()).toBe('');
  });

  it('cancels what takes long', async () => {
    const { page } = await openPage(browser, `${service.url}/`);
    // Held where the browser sends it, so that there is time to cancel whatever the machine is.
    await page.route('**/v1/audio/comparisons', () => {});
    await page.setInputFiles('#file', spoken);
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.locator('#status').textContent()).toBe('Cancelled.');
    expect(await page.locator('#problem').textContent()).toBe('');
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  });
});
