import { afterEach, describe, expect, it } from 'vitest';
import { openConnection } from '../support/connection.ts';
import { syntheticWav } from '../support/recording.ts';
import {
  postRecording,
  recordingForm,
  startTinyService,
  type TestService,
  until,
} from '../support/service.ts';

const dims = 24;
const row = { 'content-type': 'application/octet-stream' };

type Request = { path: string; query?: string; init: () => RequestInit };

/** A request that is answered, to everything that recognises. */
function requestsOf({ seconds }: { seconds: number }): readonly Request[] {
  const wav = syntheticWav({ seconds, seed: 1 });
  const frames = 50 * seconds;
  return [
    ...['transcriptions', 'comparisons', 'emissions'].map((what) => ({
      path: `/v1/audio/${what}`,
      init: () => ({ method: 'POST', body: recordingForm(wav) }),
    })),
    {
      path: '/v1/audio/alignments',
      init: () => ({ method: 'POST', body: recordingForm(wav, { text: 'one' }) }),
    },
    ...['transcriptions', 'comparisons', 'emissions'].map((what) => ({
      path: `/v1/features/${what}`,
      query: `?frames=${frames}&dims=${dims}`,
      init: () => ({ method: 'POST', headers: row, body: new Uint8Array(4 * frames * dims) }),
    })),
  ];
}

const recognition = requestsOf({ seconds: 0.2 });
const models = [
  { path: '/v1/models', init: () => ({}) },
  { path: '/v1/models/tiny', init: () => ({}) },
];

type Listed = {
  readonly content: { readonly 'application/json': { readonly examples: Record<string, unknown> } };
};
type Document = {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, Listed> }>>;
};

/** Every refusal, of every operation that gives it, stands in the contract with an example. */
describe('the contract lists for each operation, as it is answered,', () => {
  let service: TestService;
  afterEach(() => service.close());

  async function start(settings: Record<string, string> = {}) {
    service = await startTinyService([{ hmm: true }], settings);
    const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as Document;
    const expectListed = (path: string, status: number, code: string): void => {
      const methods = document.paths[path.replace(/\/tiny$/u, '/{id}')]!;
      const { responses } = (methods['post'] ?? methods['get'])!;
      const examples = responses[status]?.content['application/json'].examples ?? {};
      expect(Object.keys(examples), `${path} ${status}`).toContain(code);
    };
    const ask = ({ path, query = '', init }: Request) => fetch(service.url + path + query, init());
    /** Asks all at once; each must be refused by that code. */
    const expectRefused = (
      requests: readonly Request[],
      status: number,
      code: string,
    ): Promise<unknown> =>
      Promise.all(
        requests.map(async (request) => {
          const response = await ask(request);
          const { error } = (await response.json()) as { error: { code: string } };
          expect([request.path, response.status, error.code]).toEqual([request.path, status, code]);
          expect(response.headers.has('retry-after')).toBe([429, 503].includes(status));
          expectListed(request.path, status, code);
        }),
      );
    return { ask, expectListed, expectRefused };
  }

  it('no API key', async () => {
    const { expectRefused } = await start({ SORI_API_KEY_HASHES: '0'.repeat(64) });
    await expectRefused([...recognition, ...models], 401, 'unauthorized');
  });

  it('too many requests of a client', async () => {
    const { ask, expectRefused } = await start({ SORI_RATE_LIMIT: '1' });
    expect((await ask(recognition[0]!)).status).toBe(200);
    await expectRefused(recognition, 429, 'rate_limit_exceeded');
  });

  it('too many requests of all', async () => {
    const { expectRefused } = await start({ SORI_QUEUE_LIMIT: '0' });
    const leaving = new AbortController();
    const long = syntheticWav({ seconds: 500, seed: 2 });
    const first = postRecording(service, long, {}, { signal: leaving.signal }).catch(() => {});
    await until(() => service.app.recognition.pool!.running === 1);
    await expectRefused(recognition, 429, 'queue_full');
    leaving.abort();
    await first;
  });

  it('a deadline that passes', async () => {
    const { expectRefused } = await start({ SORI_DEADLINE_SECONDS: '0.001' });
    await expectRefused(requestsOf({ seconds: 300 }), 504, 'deadline_exceeded');
  });

  it('too much to do', async () => {
    const { ask, expectRefused } = await start({ SORI_MAX_HEAP_BYTES: '1' });
    while ((await ask(recognition.at(-1)!)).status === 200);
    await expectRefused(recognition, 503, 'overloaded');
  });

  it('a service that stops', async () => {
    const { expectRefused } = await start();
    service.app.recognition.drain();
    await expectRefused([...recognition.slice(-3), ...models], 503, 'not_ready');
  });

  it('too large a body', async () => {
    const { expectRefused } = await start({ SORI_MAX_BODY_BYTES: '1024' });
    const large = new Uint8Array(2048);
    const requests = recognition.map(({ path, query }) => ({
      path,
      ...(query !== undefined && { query }),
      init: () => ({
        method: 'POST',
        ...(query === undefined ? { body: recordingForm(large) } : { headers: row, body: large }),
      }),
    }));
    await expectRefused(requests, 413, 'body_too_large');
  });

  it('a request that does not arrive', async () => {
    const { expectListed } = await start({ SORI_UPLOAD_SECONDS: '1' });
    await Promise.all(
      recognition.map(async ({ path, query = '' }) => {
        const { socket, received } = await openConnection(service.url);
        const type = query === '' ? 'multipart/form-data; boundary=x' : row['content-type'];
        socket.write(
          `POST ${path}${query} HTTP/1.1\r\nhost: sori\r\ncontent-type: ${type}\r\ncontent-length: 960\r\n\r\n--x`,
        );
        expect(await received).toMatch(/^HTTP\/1\.1 408 .*"code":"request_timeout"/su);
        expectListed(path, 408, 'request_timeout');
      }),
    );
  });
});
