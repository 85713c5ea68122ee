import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { syntheticWav } from '../support/recording.ts';
import {
  errorOf,
  postRecording,
  startService,
  type TestService,
  until,
} from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

/** Ten minutes of noise as the tiny model reads it, at two hundredths of a second a row. */
const frames = 30_000;
const dims = 24;

describe('a search of ten minutes with a beam of a thousand', () => {
  const short = syntheticWav({ seconds: 0.5, seed: 1 });
  const random = new Random(3);
  const noise = Float32Array.from({ length: frames * dims }, () => random.gaussian());
  let models: TemporaryFolder;
  let service: TestService;

  beforeEach(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path);
  });
  afterEach(async () => {
    await service.close();
    await models.remove();
  });

  const search = (init: RequestInit = {}) =>
    fetch(
      `${service.url}/v1/features/transcriptions?frames=${frames}&dims=${dims}&decoder=ctc_beam&beam_width=1000&n_best=100&response_format=verbose_json`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(noise.buffer),
        ...init,
      },
    );

  it('keeps nobody else from being answered, and stops for a client that leaves', async () => {
    service = await startService(models.path, {
      SORI_WORKERS: '2',
      SORI_DEADLINE_SECONDS: '300',
    });
    const pool = service.app.recognition.pool!;
    const { threads } = pool;
    const client = new AbortController();
    let isDone = false;
    const long = search({ signal: client.signal }).finally(() => {
      isDone = true;
    });
    const left = expect(long).rejects.toThrow(/abort/);
    await until(() => pool.running === 1);
    for (const decoder of ['ctc_greedy', 'ctc_beam', 'ctc_greedy']) {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => postRecording(service, short, { decoder })),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    }
    expect(isDone).toBe(false);
    client.abort();
    await left;
    await until(() => pool.running === 0);
    expect(pool.threads).toEqual(threads);
  });

  it('stops at the deadline, and its thread lives on', async () => {
    service = await startService(models.path, { SORI_DEADLINE_SECONDS: '2' });
    const pool = service.app.recognition.pool!;
    const { threads } = pool;
    const response = await search();
    expect([response.status, (await errorOf(response)).code]).toEqual([504, 'deadline_exceeded']);
    await until(() => pool.running === 0);
    expect(pool.threads).toEqual(threads);
    expect(pool.loadedWorkers).toBe(1);
  });
});
