import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTinyService, type TestService, until } from '../support/service.ts';
import { hasChromium, openPage, startChromium } from './chromium.ts';

describe.skipIf(!hasChromium)('work that is cancelled', () => {
  let browser: Browser;
  let service: TestService;
  beforeAll(async () => {
    browser = await startChromium();
    service = await startTinyService([{ hmm: true }]);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const open = () => openPage(browser, `${service.url}/`);

  it.each([
    ['**/examples/*', 'Opening three-digits.opus …'],
    ['**/v1/audio/comparisons', 'Decoding three-digits.opus …'],
    ['**/v1/audio/emissions', 'Looking inside three-digits.opus …'],
  ])('is given up at any stage: %s', async (held, said) => {
    const { page, context, complaints } = await open();
    // Held where the browser sends it, so that there is time to cancel whatever the machine is.
    await page.route(held, () => {});
    await page.locator('.example').first().click();
    await page.getByText(said).waitFor();
    expect(await page.getByRole('progressbar', { name: said }).count()).toBe(1);
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByText('Cancelled.').count()).toBe(1);
    expect(await page.getByRole('alert').textContent()).toBe('');
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is given up by the service too', async () => {
    const { page, context } = await open();
    const { run } = service.app.recognition.pool!;
    service.app.recognition.pool!.run = () => {
      service.app.recognition.pool!.run = run;
      void page.getByRole('button', { name: 'Cancel' }).click();
      return new Promise(() => {});
    };
    await page.locator('.example').first().click();
    await page.getByText('Cancelled.').waitFor();
    const outcomes = () => service.log().map(({ outcome }) => outcome);
    await until(() => outcomes().includes('client_closed_request'));
    await context.close();
  });
});
