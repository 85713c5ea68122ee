/**
 * The page in Chromium: its first paint on loopback, nothing cached; its scripts; and how often the text so far
 * is there anew during half a minute of recording.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { pageParts } from '../../routes/page/parts.ts';
import { syntheticWav } from '../support/recording.ts';
import { startService } from '../support/service.ts';
import { temporaryFolder } from '../support/tiny-model.ts';
import { hasChromium, openPage, startChromium } from '../web/chromium.ts';
import { type BenchContext, type BenchRow, median } from './harness.ts';

const recordedSeconds = 30;

export async function run({ runs, log }: BenchContext): Promise<BenchRow[]> {
  if (!hasChromium) {
    log('no Chromium');
    return [];
  }
  const models = fileURLToPath(new URL('../../models', import.meta.url));
  const service = await startService(models, { LOG_LEVEL: 'silent' });
  const folder = await temporaryFolder();
  const microphone = join(folder.path, 'microphone.wav');
  await writeFile(microphone, syntheticWav({ seconds: recordedSeconds, seed: 1 }));
  const browser = await startChromium(microphone);
  try {
    const rows: BenchRow[] = [];
    const paints = new Map(['/', '/learn', '/livez'].map((path) => [path, [] as number[]]));
    for (let index = 0; index < runs; index++)
      for (const [path, times] of paints) times.push(await firstPaint(browser, service.url + path));
    const least = median(paints.get('/livez')!);
    for (const path of ['/', '/learn']) {
      const value = median(paints.get(path)!);
      rows.push({
        bench: 'page',
        case: `first paint of ${path}`,
        value,
        unit: 'ms',
        baseline: `one line of text, /livez: ${least.toFixed(0)} ms`,
        ratio: least / value,
      });
    }
    const scripts = [...pageParts()].filter(([url]) => url.endsWith('.ts'));
    const bytes = scripts.map(([, part]) => (part.compressed ?? part.bytes).length);
    const value = bytes.reduce((sum, size) => sum + size, 0) / 1000;
    rows.push({ bench: 'page', case: 'all scripts, compressed', value, unit: 'kB' });
    rows.push({
      bench: 'page',
      case: `text so far, ${recordedSeconds} s of recording`,
      value: await textsPerSecond(browser, `${service.url}/`),
      unit: 'texts/s',
    });
    return rows;
  } finally {
    await browser.close();
    await folder.remove();
    await service.close();
  }
}

/** Milliseconds from the navigation's start until something of the page's content was painted. */
async function firstPaint(browser: Browser, url: string): Promise<number> {
  const { page, context } = await openPage(browser, url);
  const entry = `new Promise((resolve) => {
    const seen = (list) => {
      for (const { name, startTime } of list.getEntries())
        if (name === 'first-contentful-paint') resolve(startTime);
    };
    new PerformanceObserver(seen).observe({ type: 'paint', buffered: true });
  })`;
  const milliseconds = (await page.evaluate(entry)) as number;
  await context.close();
  return milliseconds;
}

async function textsPerSecond(browser: Browser, url: string): Promise<number> {
  const { page, context } = await openPage(browser, url, { permissions: ['microphone'] });
  const times: number[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().endsWith('/transcriptions')) times.push(performance.now());
  });
  await page.getByRole('button', { name: 'Record' }).click();
  await page.waitForTimeout(1000 * recordedSeconds);
  await context.close();
  return (times.length - 1) / ((times.at(-1)! - times[0]!) / 1000);
}
