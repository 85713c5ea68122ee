import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, readModelSettings } from '../../src/config.ts';

describe('readConfig', () => {
  it('has the defaults of the contract', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      queueLimit: 64,
      deadlineSeconds: 30,
      maxBodyBytes: 25 * 1024 * 1024,
      maxAudioSeconds: 600,
      maxHypotheses: 100,
    });
    expect(readConfig({}).workers).toBeGreaterThanOrEqual(1);
    expect(readConfig({}).modelsDirectory).toMatch(/[/\\]models$/);
  });

  it('takes every setting from the environment; an empty one counts as absent', () => {
    expect(
      readConfig({
        HOST: '0.0.0.0',
        PORT: '0',
        SORI_WORKERS: '3',
        SORI_QUEUE_LIMIT: ' ',
        PATH: '/',
      }),
    ).toMatchObject({ host: '0.0.0.0', port: 0, workers: 3, queueLimit: 64 });
  });

  it.each([
    ['PORT', '80a', /^PORT: .*, got "80a"$/],
    ['PORT', '65536', /^PORT: .*65535/],
    ['SORI_WORKERS', '0', /^SORI_WORKERS: /],
    ['SORI_WORKERS', '1.5', /^SORI_WORKERS: .*whole number/],
    ['SORI_DEADLINE_SECONDS', '-1', /^SORI_DEADLINE_SECONDS: /],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL: .*got "loud"$/],
    ['SORI_MAX_N_BEST', '101', /^SORI_MAX_N_BEST: .*from 1 to 100/],
    ['SORI_RATE_LIMIT', '0', /^SORI_RATE_LIMIT: .*from 1 to/],
    ['SORI_TRUSTED_PROXIES', 'proxy.example', /^SORI_TRUSTED_PROXIES: expected addresses/],
    ['SORI_TRUSTED_PROXIES', '10.0.0.0/33', /^SORI_TRUSTED_PROXIES: expected addresses/],
    ['SORI_TRUSTED_PROXIES', '0.0.0.0/0', /^SORI_TRUSTED_PROXIES: expected addresses/],
    ['SORI_CORS_ORIGINS', 'sori.example', /^SORI_CORS_ORIGINS: expected origins/],
    ['SORI_CORS_ORIGINS', 'https://sori.example/', /^SORI_CORS_ORIGINS: expected origins/],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317', /^OTEL_EXPORTER_OTLP_ENDPOINT: .*http URL/],
    ['SORI_WORKER', '2', /^unknown setting SORI_WORKER$/],
  ])('refuses %s=%s and names it', (name, value, message) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(message);
  });

  it('takes lists with white space or commas between what they hold', () => {
    expect(
      readConfig({
        SORI_TRUSTED_PROXIES: 'loopback 10.0.0.0/8,2001:db8::1  192.0.2.1',
        SORI_CORS_ORIGINS: ' https://sori.example, http://localhost:3000\n*',
      }),
    ).toMatchObject({
      trustedProxies: ['loopback', '10.0.0.0/8', '2001:db8::1', '192.0.2.1'],
      corsOrigins: ['https://sori.example', 'http://localhost:3000', '*'],
    });
  });

  it('reads where models are without looking at what only the server needs', () => {
    const settings = { PORT: 'abc', SORI_MODELS: '/a/b', SORI_DEFAULT_MODEL: 'x' };
    expect(readModelSettings(settings)).toEqual({ modelsDirectory: '/a/b', defaultModel: 'x' });
    expect(() => readModelSettings({ SORI_WORKER: '2' })).toThrow('unknown setting SORI_WORKER');
  });

  it('shows in .env.example every setting there is, with its default', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const settings = parseEnv(example.replaceAll(/^# ?(\w+=)/gm, '$1')) as Record<string, string>;
    const { workers, modelsDirectory, defaultModel, ...fixed } = readConfig({});
    expect(readConfig(settings)).toMatchObject(fixed);
    expect(Object.keys(settings)).toHaveLength(Object.keys(readConfig({})).length);
  });
});
