import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modulesOf } from '../../routes/page/modules.ts';
import { pageParts } from '../../routes/page/parts.ts';
import { buildApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';

const app = buildApp({ config: readConfig({}), logger: pino({ level: 'silent' }) });
beforeAll(() => app.ready());
afterAll(() => app.close());

describe('GET /', () => {
  it('serves the page before any model is loaded', async () => {
    const { statusCode, headers, body } = await app.inject('/');
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('<h1');
  });

  it('allows nothing inline and nothing from elsewhere', async () => {
    const { headers, body } = await app.inject('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toMatch(/https?:|\*/u);
    expect(body).not.toMatch(/<style|style="|<script(?![^>]*\bsrc=)|\bon\w+="/u);
    expect(body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//u);
  });

  it('names every module that it will load, so that none is found late', async () => {
    for (const [url, entry] of [
      ['/', 'web/main.ts'],
      ['/learn', 'web/learn.ts'],
    ] as const) {
      const { body } = await app.inject(url);
      for (const path of modulesOf(entry).keys())
        expect(body).toContain(`<link rel="modulepreload" href="/page/${path}">`);
    }
  });
});

describe('GET /page/…', () => {
  it('serves TypeScript as scripts that need no package', async () => {
    const url = '/page/src/evaluation/edit-distance.ts';
    const { statusCode, headers, body } = await app.inject(url);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(body).not.toMatch(/: (?:string|number)\b/u);
  });

  it('serves nothing that the page does not load', async () => {
    for (const path of [
      'src/config.ts',
      'package.json',
      'web/../package.json',
      'web/tsconfig.json',
    ]) {
      const { statusCode, json } = await app.inject(`/page/${path}`);
      expect({ path, statusCode }).toEqual({ path, statusCode: 404 });
      expect(json()).toMatchObject({ error: { code: 'not_found' } });
    }
  });

  it('sends a part again only when it has changed', async () => {
    const first = await app.inject('/page/web/style.css');
    const headers = { 'if-none-match': first.headers.etag! };
    const second = await app.inject({ url: '/page/web/style.css', headers });
    expect([second.statusCode, second.body]).toEqual([304, '']);
  });

  it('compresses for who can read it', async () => {
    const headers = { 'accept-encoding': 'gzip, br' };
    const small = await app.inject({ url: '/page/web/main.ts', headers });
    const large = await app.inject('/page/web/main.ts');
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(small.rawPayload.length).toBeLessThan(large.rawPayload.length / 2);
  });

  it('sends less than 300 kB of compressed script in all', () => {
    const scripts = [...pageParts()].filter(([url]) => url.endsWith('.ts'));
    const bytes = scripts.map(([, { bytes }]) => gzipSync(bytes).length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  });
});
