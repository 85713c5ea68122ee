import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where Debian's package puts it. */
const executable = '/usr/bin/chromium';

/** Tests of the page skip themselves where there is no browser. */
export const hasChromium = existsSync(executable);

/** Chromium; with a recording, its microphone hears that once and silence from then on. */
export function startChromium(
  microphone?: string,
  flags: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      ...flags,
      ...(microphone === undefined
        ? []
        : [
            '--use-fake-device-for-media-stream',
            '--use-fake-ui-for-media-stream',
            `--use-file-for-fake-audio-capture=${microphone}%noloop`,
          ]),
    ],
  });
}

/** A page of the service, with everything that it should not do. */
export type WatchedPage = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings on its console, exceptions, and requests beyond the service. */
  readonly complaints: string[];
};

export type Look = {
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly locale?: string;
  readonly permissions?: string[];
  /** A script that runs before the page's own. */
  readonly before?: string;
};

/** A script that adds up in `shifted` how far the page moves without being asked to (cumulative layout shift). */
export const watchingShifts = `
  globalThis.shifted = 0;
  const add = (list) => {
    for (const { value, hadRecentInput } of list.getEntries())
      if (!hadRecentInput) globalThis.shifted += value;
  };
  new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
`;

export const phoneWidth = 390;

/** Opens a path of the service in a context of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, theme = 'light', locale = 'en-US', permissions = [], before = '' }: Look = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: theme,
    locale,
    permissions,
  });
  await context.addInitScript(before);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'blob:' && origin !== new URL(url).origin) complaints.push(request.url());
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, context, complaints };
}
