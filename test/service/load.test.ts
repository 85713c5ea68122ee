import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syntheticWav } from '../support/recording.ts';
import {
  errorOf,
  postAudio,
  postRecording,
  startService,
  type TestService,
  until,
} from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

describe('a service under strain', () => {
  const short = syntheticWav({ seconds: 0.5, seed: 1 });
  const long = syntheticWav({ seconds: 120, seed: 2 });
  let models: TemporaryFolder;
  let service: TestService;

  beforeEach(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { hidden: 64 });
  });
  afterEach(async () => {
    await service.close();
    await models.remove();
  });

  it('answers 429 with Retry-After when the queue is full, and recovers', async () => {
    service = await startService(models.path, { SORI_QUEUE_LIMIT: '2' });
    const pool = service.app.recognition.pool!;
    const accepted = [0, 1, 2].map(() => postRecording(service, long));
    await until(() => pool.queued === 2);
    const refused = await postRecording(service, short);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await errorOf(refused)).toMatchObject({ type: 'rate_limit_error', code: 'queue_full' });
    const statuses = (await Promise.all(accepted)).map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200]);
    expect((await postRecording(service, short)).status).toBe(200);
  });

  it('answers 504 when the deadline passes, waiting included, and recovers', async () => {
    service = await startService(models.path, { SORI_DEADLINE_SECONDS: '0.02' });
    const responses = await Promise.all([0, 1, 2].map(() => postRecording(service, long)));
    expect(responses.map(({ status }) => status)).toEqual([504, 504, 504]);
    expect(await errorOf(responses[0]!)).toEqual({
      message: 'no answer within 0.02 s, waiting in the queue included',
      type: 'server_error',
      param: null,
      code: 'deadline_exceeded',
    });
    await until(() => service.app.recognition.pool!.running === 0);
    expect(service.app.recognition.pool!.loadedWorkers).toBe(1);
  });

  it('answers 504 to a comparison and an alignment that take too long, and recovers', async () => {
    await writeTinyModel(models.path, { hmm: true });
    service = await startService(models.path, { SORI_DEADLINE_SECONDS: '0.02' });
    const pool = service.app.recognition.pool!;
    for (const [route, fields] of [
      ['comparisons', { reference: 'one two' }],
      ['alignments', { text: 'one two' }],
    ] as const) {
      expect((await postAudio(service, route, long, fields)).status).toBe(504);
      await until(() => pool.running === 0);
      expect(pool.loadedWorkers).toBe(1);
    }
  });

  it('frees the worker of a client that leaves a comparison', async () => {
    await writeTinyModel(models.path, { hmm: true });
    service = await startService(models.path);
    const pool = service.app.recognition.pool!;
    const client = new AbortController();
    const running = postAudio(service, 'comparisons', long, {}, { signal: client.signal });
    await until(() => pool.running === 1);
    client.abort();
    await expect(running).rejects.toThrow(/abort/);
    await until(() => pool.running === 0);
    expect((await postAudio(service, 'comparisons', short)).status).toBe(200);
  });

  it('frees the place and the worker of a client that leaves', async () => {
    service = await startService(models.path, { SORI_QUEUE_LIMIT: '1' });
    const pool = service.app.recognition.pool!;
    const clients = [new AbortController(), new AbortController()];
    const running = postRecording(service, long, {}, { signal: clients[0]!.signal });
    await until(() => pool.running === 1);
    const waiting = postRecording(service, long, {}, { signal: clients[1]!.signal });
    await until(() => pool.queued === 1);
    for (const client of clients) client.abort();
    await expect(running).rejects.toThrow(/abort/);
    await expect(waiting).rejects.toThrow(/abort/);
    await until(() => pool.queued === 0 && pool.running === 0);
    expect((await postRecording(service, short)).status).toBe(200);
    const statuses = service.log().flatMap(({ status }) => (status === undefined ? [] : [status]));
    expect(statuses).toEqual([499, 499, 200]);
  });

  it('forgets an upload that breaks off', async () => {
    service = await startService(models.path);
    const upload = httpRequest(`${service.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': 9999 },
    });
    const broken = new Promise((resolve) => upload.on('error', resolve));
    upload.write(
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF',
    );
    await until(() => service.app.server.listening);
    const connections = () =>
      new Promise<number>((resolve) => {
        service.app.server.getConnections((_, count) => resolve(count));
      });
    while ((await connections()) === 0) await new Promise(setImmediate);
    upload.destroy();
    await broken;
    while ((await connections()) > 0) await new Promise(setImmediate);
    expect((await postRecording(service, short)).status).toBe(200);
  });

  it('answers 408 to an upload that does not end in time', async () => {
    service = await startService(models.path, { SORI_UPLOAD_SECONDS: '1' });
    const upload = httpRequest(`${service.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': 9999 },
    });
    const answered = new Promise<string>((resolve, reject) => {
      upload.on('error', reject);
      upload.on('response', async (response) => {
        const chunks = await response.toArray();
        resolve(`${response.statusCode} ${Buffer.concat(chunks)}`);
      });
    });
    upload.write('--x\r\n');
    expect(await answered).toMatch(/^408 .*"code":"request_timeout"/);
    const requests = () => service.log().filter(({ status }) => status !== undefined);
    await until(() => requests().length > 0);
    expect(requests()).toEqual([
      expect.objectContaining({ status: 408, msg: 'answered', outcome: 'request_timeout' }),
    ]);
    expect((await postRecording(service, short)).status).toBe(200);
  });

  it('answers 503 once when a worker dies, and 200 again at once', async () => {
    service = await startService(models.path);
    const pool = service.app.recognition.pool!;
    const { run } = pool;
    // Ends the thread before it is handed the task, so outside a graph; the pool learns of it later.
    pool.run = (...given) => {
      pool.run = run;
      void pool.threads[0]!.terminate();
      return pool.run(...given);
    };
    const died = await postRecording(service, short);
    expect(died.status).toBe(503);
    expect(died.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await errorOf(died)).toMatchObject({ type: 'server_error', code: 'worker_died' });
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect((await postRecording(service, short)).status).toBe(200);
    expect(service.log().filter(({ level }) => level === 40)).toEqual([
      expect.objectContaining({ msg: 'a worker ended', cause: 'exit code 1', loaded: true }),
    ]);
  });

  it('stays ready while its only worker is replaced: what comes then waits', async () => {
    service = await startService(models.path);
    const { recognition } = service.app;
    await recognition.pool!.threads[0]!.terminate();
    expect(recognition.pool!.loadedWorkers).toBe(0);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    const answers = await Promise.all([0, 1].map(() => postRecording(service, short)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('is not ready when no worker can be started, and says so', async () => {
    service = await startService(models.path);
    const { recognition } = service.app;
    Object.defineProperty(recognition.pool!, 'restartPauseMilliseconds', { value: 10 });
    const { ctc } = recognition.models[0]!;
    const whole = ctc.slice();
    ctc.fill(0xff);
    await recognition.pool!.threads[0]!.terminate();
    await until(() => recognition.state === 'failing');
    ctc.set(whole);
    expect(recognition.unavailable()).toMatchObject({
      code: 'not_ready',
      message: 'no worker can be started at present',
    });
    await until(() => recognition.state === 'ready');
    expect((await postRecording(service, short)).status).toBe(200);
  });

  it('keeps answering probes while every worker is busy', async () => {
    service = await startService(models.path);
    const busy = postRecording(service, long);
    await until(() => service.app.recognition.pool!.running === 1);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect(service.app.recognition.pool!.running).toBe(1);
    expect((await busy).status).toBe(200);
  });

  it('answers all it has accepted when it closes, and refuses with 503 what comes after', async () => {
    service = await startService(models.path, { SORI_WORKERS: '2' });
    const pool = service.app.recognition.pool!;
    const accepted = Array.from({ length: 6 }, () => postRecording(service, long));
    await until(() => pool.running + pool.queued === 6);
    service.app.recognition.drain();
    const refused = await postRecording(service, short);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await errorOf(refused)).toMatchObject({ code: 'not_ready' });
    expect((await fetch(`${service.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
    const closed = service.close();
    const statuses = (await Promise.all(accepted)).map(({ status }) => status);
    expect(statuses).toEqual(Array(6).fill(200));
    await closed;
  });
});
