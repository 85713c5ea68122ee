import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { seriousFaults } from './accessibility.ts';
import { hasChromium, type Look, openPage, phoneWidth, startChromium } from './chromium.ts';

describe.skipIf(!hasChromium)('the theory in Chromium', () => {
  // It needs no model: everything is computed in the browser.
  const app = buildApp({ config: readConfig({}), logger: pino({ level: 'silent' }) });
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/learn`;
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await app.close();
  });

  it('shows that the likeliest path is not the likeliest text, until the weights are moved', async () => {
    const { page, complaints } = await openPage(browser, url);
    await page.getByText('The likeliest path says nothing').waitFor();
    const first = page.getByRole('group', { name: 'Frame 1' }).getByRole('slider');
    await first.nth(1).fill('100');
    await page.getByText('The likeliest path says “a”').waitFor();
    await page.fill('#target', 'aaa');
    await page.getByText('No path of so few frames says “aaa”').waitFor();
    expect(complaints).toEqual([]);
  });

  it('has the umbrella world’s likelihood and path', async () => {
    const { page } = await openPage(browser, url);
    // hmmlearn's test_base.py: ln p = −3.3725; Viterbi −4.4590 on the path rain, rain, sun, rain, rain.
    const sentence = await page.locator('#hmm-likelihood').textContent();
    expect(sentence).toMatch(/−3\.3725.*−4\.4590/u);
    const path = page.getByRole('row', { name: 'Viterbi' }).locator('td');
    expect(await path.allTextContents()).toEqual(['rain', 'rain', 'sun', 'rain', 'rain']);
    await page.getByLabel('Day 3').check();
    await expect.poll(() => path.allTextContents()).toEqual(new Array(5).fill('rain'));
  });

  it('lets gradients vanish by a slider', async () => {
    const { page, complaints } = await openPage(browser, url);
    const rnn = page.locator('#gradients').getByRole('row', { name: 'RNN' }).locator('td');
    const before = Number((await rnn.nth(2).textContent())!.replace('−', '-'));
    await page.getByLabel('Recurrent weights').fill('0.3');
    const after = async () => Number((await rnn.nth(2).textContent())!.replace('−', '-'));
    await expect.poll(after).toBeLessThan(before / 1000);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['light, wide', { theme: 'light' }],
    ['dark, wide', { theme: 'dark' }],
    ['light, phone, Korean', { theme: 'light', width: phoneWidth, locale: 'ko-KR' }],
    ['dark, phone', { theme: 'dark', width: phoneWidth }],
  ] as const)('is accessible and fits its width: %s', async (_, look: Look) => {
    const { page, complaints } = await openPage(browser, url, look);
    await page.locator('.plot').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const widths = '[document.documentElement.scrollWidth, innerWidth]';
    const [content, window] = (await page.evaluate(widths)) as [number, number];
    expect(content).toBeLessThanOrEqual(window);
    expect(complaints).toEqual([]);
  });
});
