import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postAudio, startService, startTinyService, type TestService } from '../support/service.ts';
import { seriousFaults } from './accessibility.ts';
import {
  hasChromium,
  type Look,
  openPage,
  phoneWidth,
  startChromium,
  watchingShifts,
} from './chromium.ts';

const modelsDirectory = fileURLToPath(new URL('../../models', import.meta.url));
const examples = fileURLToPath(new URL('../../web/examples/', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
const spoken = `${examples}repeated-digits.wav`;

type Answer = { readonly decoders: readonly { decoder: string; text: string }[] };

/** What stands under one another: for each decoder its words. */
async function shownTexts(page: Page): Promise<Record<string, string>> {
  await page.locator('.texts').waitFor();
  const rows = await page.locator('.texts tbody tr').all();
  const texts = rows.map(async (row) => {
    const words = await row.locator('.word').all();
    // A word's button has the word first, then its numbers.
    const spelt = words.map((word) => word.evaluate(({ firstChild }) => firstChild!.textContent));
    return [await row.getAttribute('data-decoder'), (await Promise.all(spelt)).join(' ')];
  });
  return Object.fromEntries(await Promise.all(texts));
}

const done = (page: Page) => page.locator('#inside').waitFor();

describe.skipIf(!hasChromium)('the page in Chromium', () => {
  let service: TestService;
  let browser: Browser;
  beforeAll(async () => {
    service = await startService(modelsDirectory);
    browser = await startChromium(spoken);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const open = (look?: Look) => openPage(browser, `${service.url}/`, look);

  async function expectedTexts(file: string): Promise<Record<string, string>> {
    const response = await postAudio(service, 'comparisons', readFileSync(file));
    const { decoders } = (await response.json()) as Answer;
    return Object.fromEntries(decoders.map(({ decoder, text }) => [decoder, text]));
  }

  it('records from the microphone, shows the text so far, stops in silence, and compares', async () => {
    const { page, context, complaints } = await open({ permissions: ['microphone'] });
    await page.getByRole('button', { name: 'Record' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page.locator('#live-text', { hasText: 'seven' }).waitFor();
    await done(page);
    const texts = await shownTexts(page);
    expect(Object.keys(texts)).toEqual(['ctc_greedy', 'ctc_beam', 'hmm', 'hybrid']);
    // The hybrid loses a short digit of a fast string: its card says so.
    const { hybrid, ...others } = texts;
    expect(hybrid).toMatch(/^seven seven .*five/u);
    for (const text of Object.values(others)) expect(text).toMatch(/^seven seven two .*five/u);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('ends a recording by its button', async () => {
    const { page, context, complaints } = await open({ permissions: ['microphone'] });
    await page.getByRole('button', { name: 'Record' }).click();
    const stop = page.getByRole('button', { name: 'Stop' });
    await stop.click();
    await page.getByRole('button', { name: 'Record' }).waitFor();
    expect(await page.locator('#live-text').isHidden()).toBe(true);
    expect(await page.locator('#live-hint').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows the answer of the service to a file that is dropped', async () => {
    const { page, context, complaints } = await open();
    const bytes = [...readFileSync(spoken)];
    await page.evaluate(`{
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], 'dropped.wav'));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: transfer }));
    }`);
    await done(page);
    expect(await shownTexts(page)).toEqual(await expectedTexts(spoken));
    expect(await page.locator('#status').textContent()).toContain('dropped.wav');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('counts errors against what was really said', async () => {
    const { page, context } = await open();
    await page.setInputFiles('#file', spoken);
    await done(page);
    expect(await page.getByText('Errors against').count()).toBe(0);
    const said = (await expectedTexts(spoken))['hmm']!;
    await page.fill('#reference', said);
    await page.press('#reference', 'Enter');
    const rates = page.getByRole('table', { name: 'Errors against' }).locator('tr');
    await rates.first().waitFor();
    const hmm = rates.filter({ hasText: 'HMM' }).locator('td');
    expect(await hmm.allTextContents()).toEqual(['0 %', '0 %', '0', '0', '0']);
    await context.close();
  });

  it('copies an answer and a request that gives the same texts in a terminal', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page, context } = await open({ permissions });
    await page.fill('#reference', "it's");
    await page.setInputFiles('#file', spoken);
    await done(page);
    const read = async () => String(await page.evaluate('navigator.clipboard.readText()'));
    await page.getByRole('button', { name: 'as JSON' }).click();
    await page.locator('#copied', { hasText: 'Copied.' }).waitFor();
    const copied = JSON.parse(await read()) as Answer;
    await page.getByRole('button', { name: 'for curl' }).click();
    await expect.poll(read).toMatch(/^curl /u);
    const { stdout } = await promisify(execFile)('sh', ['-c', `${await read()} --silent`], {
      cwd: examples,
    });
    const answered = JSON.parse(stdout) as Answer;
    const { timings: _, ...rest } = answered.decoders[2] as Record<string, unknown>;
    expect(copied.decoders[2]).toMatchObject(rest);
    await page.getByRole('button', { name: 'as PNG' }).click();
    await page.locator('#picture-copied', { hasText: 'Copied.' }).waitFor();
    const types = 'navigator.clipboard.read().then((items) => items[0].types)';
    expect(await page.evaluate(types)).toEqual(['image/png']);
    await context.close();
  });

  it('saves a recording under the name that its request has', async () => {
    const { page, context, complaints } = await open();
    await page.locator('.example').nth(1).click();
    await done(page);
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save the recording' }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe('repeated-digits.wav');
    expect(readFileSync(await download.path()).equals(readFileSync(spoken))).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('copies the picture as a drawing with everything that is seen', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page, context, complaints } = await open({ permissions });
    // The service reads 64-bit floats, Chromium does not.
    await page.setInputFiles('#file', `${fixtures}audio/f64.wav`);
    await done(page);
    await page.getByRole('button', { name: 'as SVG' }).click();
    await page.locator('#picture-copied', { hasText: 'Copied.' }).waitFor();
    const copied = `navigator.clipboard.read().then(async ([item]) =>
      Promise.all(item.types.map(async (type) => [type, await (await item.getType(type)).text()])))`;
    const drawings = new Map((await page.evaluate(copied)) as [string, string][]);
    expect([...drawings.keys()].sort()).toEqual(['image/svg+xml', 'text/plain']);
    const svg = drawings.get('text/plain')!;
    const drawn = `{
      const picture = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
      [...picture.querySelectorAll('text, parsererror')].map(({ textContent }) => textContent);
    }`;
    const words = (await page.evaluate(drawn)) as string[];
    expect(words).toEqual(expect.arrayContaining(['Waveform', 'HMM: words', 'seven', 'three']));
    expect(words.filter((text) => text.startsWith('This browser cannot decode'))).toHaveLength(2);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says what each has heard where they differ, and shows that place', async () => {
    const random = await startTinyService([{ hmm: true }]);
    const { page, context, complaints } = await openPage(browser, `${random.url}/`);
    await page.setInputFiles('#file', spoken);
    await done(page);
    expect(await seriousFaults(page)).toEqual([]);
    const marked = page.locator('.texts thead th', { hasText: '≠' });
    const differences = page.locator('.differences li');
    expect(await differences.count()).toBe(await marked.count());
    expect(await differences.first().textContent()).toMatch(/CTC greedy: .*, CTC beam: .*, HMM: /u);
    await differences
      .first()
      .getByRole('button', { name: /^See why\W+word 1$/u })
      .click();
    const time = page.getByRole('slider');
    expect(await time.evaluate((element) => element.matches(':focus'))).toBe(true);
    expect(await time.getAttribute('aria-valuetext')).toMatch(/CTC: .* \d.* %/u);
    expect(complaints).toEqual([]);
    await context.close();
    await random.close();
  });

  it('plays a word that is clicked, and no more than that', async () => {
    const { page, context, complaints } = await open();
    await page.setInputFiles('#file', spoken);
    await done(page);
    await page.evaluate(`{
      globalThis.heard = [];
      const audio = document.getElementById('player');
      for (const type of ['play', 'pause'])
        audio.addEventListener(type, () => globalThis.heard.push([type, audio.currentTime]));
    }`);
    await page.locator('.texts [data-decoder=hmm] .word').nth(1).click();
    const heard = async () => (await page.evaluate('globalThis.heard')) as [string, number][];
    await expect.poll(async () => (await heard()).length, { timeout: 20_000 }).toBe(2);
    const [[begun], [ended, at]] = (await heard()) as [[string, number], [string, number]];
    expect([begun, ended]).toEqual(['play', 'pause']);
    const facts = await page.locator('.texts [data-decoder=hmm] .word .tip').nth(1).textContent();
    const end = Number(/–(?<end>[\d.]+) s/u.exec(facts!)!.groups!['end']);
    expect(at).toBeGreaterThanOrEqual(end - 0.01);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is worked by the keyboard: an example, and the picture’s time', async () => {
    const { page, context, complaints } = await open();
    await page.locator('.example').first().focus();
    await page.keyboard.press('Enter');
    await done(page);
    const time = page.getByRole('slider');
    await time.focus();
    await page.keyboard.press('End');
    const duration = await time.getAttribute('aria-valuemax');
    expect(await time.getAttribute('aria-valuenow')).toBe(duration);
    const now = async () => Number(await time.getAttribute('aria-valuenow'));
    await page.keyboard.press('Home');
    await page.keyboard.press('PageDown');
    expect(Math.abs((await now()) - Number(duration) / 5)).toBeLessThan(0.01);
    await page.keyboard.press('+');
    await page.keyboard.press('PageDown');
    const closer = Number(duration) / 5 / 1.5;
    expect(Math.abs((await now()) - Number(duration) / 5 - closer)).toBeLessThan(0.02);
    expect(await time.getAttribute('aria-valuetext')).toMatch(/^0\.\d\d s · CTC: /u);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('speaks Korean where the browser does, and keeps a choice', async () => {
    const { page, context, complaints } = await open({ locale: 'ko-KR' });
    await page.getByRole('button', { name: '녹음' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('ko');
    await page.selectOption('#language', 'en');
    await page.getByRole('button', { name: 'Record' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Record' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  const looks = [
    ['light, wide', { theme: 'light' }],
    ['dark, wide', { theme: 'dark' }],
    ['light, phone, Korean', { theme: 'light', width: phoneWidth, locale: 'ko-KR' }],
    ['dark, phone', { theme: 'dark', width: phoneWidth }],
  ] as const;

  it.each(looks)('is accessible and fits its width, empty and full: %s', async (_, look) => {
    const { page, context, complaints } = await open(look);
    expect(await seriousFaults(page)).toEqual([]);
    await page.fill('#reference', 'seven two');
    await page.setInputFiles('#file', spoken);
    await done(page);
    expect(await seriousFaults(page)).toEqual([]);
    const widths = '[document.documentElement.scrollWidth, innerWidth]';
    const [content, window] = (await page.evaluate(widths)) as [number, number];
    expect(content).toBeLessThanOrEqual(window);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([
    ['wide', {}],
    ['on a phone, in Korean', { width: phoneWidth, locale: 'ko-KR' }],
  ] as const)(
    'moves nothing by itself while it loads, and while an answer or a refusal comes: %s',
    async (_, look) => {
      const { page, context } = await open({ ...look, before: watchingShifts });
      await page.locator('.example').nth(1).click();
      await done(page);
      await page.setInputFiles('#file', {
        name: 'no.wav',
        mimeType: '',
        buffer: Buffer.from('no'),
      });
      await page.getByRole('alert').filter({ hasText: /./u }).waitFor();
      expect(await page.evaluate('globalThis.shifted')).toBeLessThan(0.02);
      await context.close();
    },
  );

  it('moves nothing by itself while a recording begins, is heard and ends', async () => {
    const { page, context } = await open({ permissions: ['microphone'], before: watchingShifts });
    await page.getByRole('button', { name: 'Record' }).click();
    await done(page);
    expect(await page.evaluate('globalThis.shifted')).toBeLessThan(0.02);
    await context.close();
  });
});
