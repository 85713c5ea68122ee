import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { seriousFaults } from './accessibility.ts';
import {
  hasChromium,
  type Look,
  openPage,
  phoneWidth,
  startChromium,
  watchingShifts,
} from './chromium.ts';

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
    // Russell & Norvig's first two days, by what was seen so far.
    const soFar = page.getByRole('row', { name: 'from the days so far' }).locator('td');
    expect((await soFar.allTextContents()).slice(0, 2)).toEqual(['0.818', '0.883']);
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

  it('keeps gradients of an LSTM by the bias of its forget gates, and leaves the RNN’s alone', async () => {
    const { page, complaints } = await openPage(browser, url);
    const table = page.locator('#gradients');
    const shares = async (cell: string) => {
      const cells = table.getByRole('row', { name: new RegExp(`^${cell}`, 'u') }).locator('td');
      return (await cells.allTextContents()).map((shown) => Number(shown.replace('−', '-')));
    };
    const [rnn, lstm] = [await shares('RNN'), await shares('LSTM')];
    await page.getByLabel('forget gates').fill('8');
    await expect.poll(async () => (await shares('LSTM'))[3]).toBeGreaterThan(10 * lstm[3]!);
    expect(await shares('RNN')).toEqual(rnn);
    await page.getByLabel('forget gates').fill('-4');
    await expect.poll(async () => (await shares('LSTM'))[3]).toBeLessThan(lstm[3]! / 1000);
    expect(complaints).toEqual([]);
  });

  it('shows which way a change goes in each network, by the keyboard', async () => {
    const { page, complaints } = await openPage(browser, url);
    const box = page.getByRole('checkbox', { name: 'Sound in frame 4' });
    await box.focus();
    await page.keyboard.press('Space');
    await page
      .getByText(
        'frames 4–10 of the forward network, frames 1–4 of the backward one, frames 1–10 of both',
      )
      .waitFor();
    const movedOf = (row: string) =>
      page
        .locator('.directions')
        .getByRole('row', { name: row })
        .locator('td')
        .evaluateAll((cells) => cells.map(({ className }) => className === 'moved'));
    const frames = Array.from({ length: 10 }, (_, t) => t + 1);
    expect(await movedOf('Its forward unit')).toEqual(frames.map((frame) => frame >= 4));
    expect(await movedOf('Its backward unit')).toEqual(frames.map((frame) => frame <= 4));
    expect(await box.evaluate((element) => element.matches(':focus'))).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('has a task that both directions solve, and neither alone', async () => {
    const { page } = await openPage(browser, url);
    const wrongIn = (row: string) =>
      page.locator('.directions').getByRole('row', { name: row }).getByText('wrong').count();
    await page.locator('.directions').waitFor();
    expect(await wrongIn('Both directions')).toBe(0);
    expect(await wrongIn('Forward network')).toBeGreaterThan(0);
    const right = page.getByRole('table', { name: 'Silent frames told right' }).locator('td');
    const shares = (await right.allTextContents()).map(Number.parseFloat);
    expect(shares[2]).toBe(100);
    expect(Math.max(shares[0]!, shares[1]!)).toBeLessThan(85);
  });

  it.each([
    ['light, wide', { theme: 'light' }],
    ['dark, wide', { theme: 'dark' }],
    ['light, phone, Korean', { theme: 'light', width: phoneWidth, locale: 'ko-KR' }],
    ['dark, phone', { theme: 'dark', width: phoneWidth }],
  ] as const)(
    'is accessible, fits its width and moves nothing by itself: %s',
    async (_, look: Look) => {
      const watched = { ...look, before: watchingShifts };
      const { page, complaints } = await openPage(browser, url, watched);
      await page.locator('.directions').waitFor();
      expect(await page.evaluate('globalThis.shifted')).toBeLessThan(0.02);
      expect(await seriousFaults(page)).toEqual([]);
      const widths = '[document.documentElement.scrollWidth, innerWidth]';
      const [content, window] = (await page.evaluate(widths)) as [number, number];
      expect(content).toBeLessThanOrEqual(window);
      expect(complaints).toEqual([]);
    },
  );
});
