import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where Debian's package puts it. */
const executable = '/usr/bin/chromium';

/** Tests of the page skip themselves where there is no browser. */
export const hasChromium = existsSync(executable);

/** Chromium; with a recording, its microphone hears that once and silence from then on. */
export function startChromium(microphone?: string): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
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
};

export const phoneWidth = 390;

/** Opens a path of the service in a context of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, theme = 'light', locale = 'en-US', permissions = [] }: Look = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: theme,
    locale,
    permissions,
  });
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
