import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTinyService, type TestService } from '../support/service.ts';
import { hasChromium, openPage, startChromium } from './chromium.ts';

describe.skipIf(!hasChromium)('the reference in Chromium', () => {
  let service: TestService;
  let browser: Browser;
  beforeAll(async () => {
    service = await startTinyService([{}]);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  it('lists every operation in its own colours, and complains of nothing', async () => {
    const { page, context, complaints } = await openPage(browser, `${service.url}/docs`);
    for (const path of ['audio/transcriptions', 'audio/comparisons', 'audio/alignments'])
      await page.locator(`a[href$="/POST/v1/${path}"]`).first().waitFor();
    // The theme is one of the style sheets that need a nonce.
    const ground = 'getComputedStyle(document.body).getPropertyValue("--scalar-background-1")';
    await expect.poll(() => page.evaluate(ground), { timeout: 20_000 }).toBe('#fff');
    const links = await page.getByRole('link', { name: 'HTTP Method' }).all();
    await links.at(-1)!.click();
    await page.getByRole('heading', { name: 'What an acoustic model makes' }).first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
