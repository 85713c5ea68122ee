import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';
import { buildApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { ErrorBody } from '../../src/plugins/errors.ts';
import { logOptions } from '../../src/plugins/log-options.ts';
import { temporaryFolder, writeTinyModel } from './tiny-model.ts';

/** A service that really listens, in this process. */
export type TestService = {
  readonly app: FastifyInstance;
  readonly config: Config;
  readonly url: string;
  /** Every line of its log so far. */
  readonly log: () => Record<string, unknown>[];
  readonly close: () => Promise<void>;
};

export async function startService(
  modelsDirectory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<TestService> {
  const config = readConfig({
    PORT: '0',
    SORI_WORKERS: '1',
    SORI_MODELS: modelsDirectory,
    // Tests and clients run in the service's own process.
    SORI_MAX_EVENT_LOOP_LAG_SECONDS: '0',
    ...settings,
  });
  const lines: string[] = [];
  const logger: Logger = pino(logOptions(config), { write: (line: string) => lines.push(line) });
  const app = buildApp({ config, logger });
  await app.listen({ host: config.host, port: config.port });
  try {
    await app.recognition.start();
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    app,
    config,
    url: `http://${config.host}:${port}`,
    log: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    close: () => app.close(),
  };
}

/** A service with tiny models in a folder of its own, which goes when it closes. */
export async function startTinyService(
  models: readonly Parameters<typeof writeTinyModel>[1][],
  settings?: Readonly<Record<string, string>>,
): Promise<TestService> {
  const folder = await temporaryFolder();
  for (const model of models) await writeTinyModel(folder.path, model);
  const service = await startService(folder.path, settings);
  const close = async (): Promise<void> => {
    await service.close();
    await folder.remove();
  };
  return { ...service, close };
}

/** A multipart form with a recording and text fields; a field given as a list is sent repeatedly. */
export function recordingForm(
  file: Uint8Array,
  fields: Readonly<Record<string, string | readonly string[]>> = {},
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const item of [value].flat()) form.append(name, item);
  form.append('file', new Blob([file.slice()]), 'recording.wav');
  return form;
}

export type FormFields = Parameters<typeof recordingForm>[1];

/** Posts a recording to one of the routes below `/v1/audio`. */
export function postAudio(
  service: TestService,
  route: 'transcriptions' | 'comparisons' | 'alignments' | 'emissions',
  file: Uint8Array,
  fields?: FormFields,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${service.url}/v1/audio/${route}`, {
    method: 'POST',
    body: recordingForm(file, fields),
    ...init,
  });
}

export function postRecording(
  service: TestService,
  file: Uint8Array,
  fields?: FormFields,
  init?: RequestInit,
): Promise<Response> {
  return postAudio(service, 'transcriptions', file, fields, init);
}

export async function errorOf(response: Response): Promise<ErrorBody['error']> {
  return ((await response.json()) as ErrorBody).error;
}

/** Waits until a condition holds; a test that waits in vain ends by its own timeout. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
