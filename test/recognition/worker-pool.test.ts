import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AcousticWork } from '../../src/acoustic/acoustic-model.ts';
import { SoriError } from '../../src/errors.ts';
import { loadModelFolders, type ModelFolder } from '../../src/recognition/model-folder.ts';
import type { TranscriptionOptions } from '../../src/recognition/request-options.ts';
import { type PoolLimits, type WorkerEnd, WorkerPool } from '../../src/recognition/worker-pool.ts';
import type { TaskOf } from '../../src/recognition/worker-protocol.ts';
import { syntheticWav } from '../support/recording.ts';
import { until } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

const options: TranscriptionOptions = {
  decoder: 'ctc_greedy',
  n_best: 1,
  response_format: 'json',
  timestamp_granularities: ['segment'],
};
const nobodyLeaves = new AbortController().signal;

function task(seconds = 0.5, seed = 1): TaskOf<'transcription'> {
  return {
    kind: 'transcription',
    encoding: 'recording',
    bytes: syntheticWav({ seconds, seed }),
    options,
  };
}

/** Keeps this thread from hearing anything until the condition holds. */
function holdUntil(condition: () => boolean): void {
  while (!condition());
}

describe('WorkerPool', () => {
  let folder: TemporaryFolder;
  let hmmFolder: TemporaryFolder;
  let models: ModelFolder[];
  let searching: ModelFolder[];
  let pool: WorkerPool;
  let ends: WorkerEnd[];
  let works: AcousticWork[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeTinyModel(folder.path);
    models = await loadModelFolders(folder.path);
    hmmFolder = await temporaryFolder();
    await writeTinyModel(hmmFolder.path, { name: 'searching', hmm: true });
    searching = await loadModelFolders(hmmFolder.path);
  });
  afterAll(() => Promise.all([folder.remove(), hmmFolder.remove()]));
  afterEach(() => pool.close());

  async function start(limits: PoolLimits, served = models): Promise<void> {
    ends = [];
    works = [];
    const setup = { models: served, defaultModel: undefined, maxAudioSeconds: 600 };
    pool = new WorkerPool(setup, limits, {
      workerEnded: (end) => ends.push(end),
      worked: (work) => works.push(work),
    });
    await pool.start();
  }

  /** Makes the graph unreadable for the workers still to be started; call the result to mend it. */
  function breakGraph(): () => void {
    const { ctc } = models[0]!;
    const whole = ctc.slice();
    ctc.fill(0xff);
    return () => ctc.set(whole);
  }

  it('reports what its workers have loaded', async () => {
    pool = new WorkerPool(
      { models, defaultModel: undefined, maxAudioSeconds: 600 },
      { workers: 2, queueLimit: 0 },
    );
    expect(await pool.start()).toEqual([
      {
        name: 'tiny',
        decoders: ['ctc_greedy', 'ctc_beam'],
        passes: [{ name: 'ctc', dims: 24, frameShiftSeconds: 0.02, maxFrames: 30_000, batch: 1 }],
      },
    ]);
    expect(pool.loadedWorkers).toBe(2);
  });

  it('gives the same bytes the same answer, alone and among others, from any worker', async () => {
    await start({ workers: 2, queueLimit: 64 });
    const { result: alone } = await pool.run(task(), nobodyLeaves);
    const tasks = Array.from({ length: 24 }, (_, n) => task(n % 3 === 0 ? 0.5 : 1, n % 3 || 1));
    const answers = await Promise.all(tasks.map((each) => pool.run(each, nobodyLeaves)));
    for (const { result } of answers.filter((_, n) => n % 3 === 0))
      expect(result.hypotheses).toEqual(alone.hypotheses);
  });

  it('has what waits heard in one run, and tells each of its company', async () => {
    await start({ workers: 1, queueLimit: 64, batch: 4 });
    const runs = Array.from({ length: 7 }, (_, n) => pool.run(task(0.5, n), nobodyLeaves));
    const batches = (await Promise.all(runs)).map(({ shared }) => shared);
    const among = (inferences: number) => ({ executions: 1, inferences });
    // The first does not wait for company; the next four, and then the last two, were waiting together.
    expect(batches).toEqual([1, 4, 4, 4, 4, 2, 2].map(among));
    const total = (key: keyof AcousticWork) => works.reduce((sum, work) => sum + work[key], 0);
    expect([total('executions'), total('inferences')]).toEqual([3, 7]);
  });

  it('shares out what waits, so that no worker has much while others have nothing', async () => {
    await start({ workers: 2, queueLimit: 64, batch: 8 });
    const runs = Array.from({ length: 8 }, (_, n) => pool.run(task(0.5, n), nobodyLeaves));
    const sizes = (await Promise.all(runs)).map(({ shared }) => shared.inferences);
    // Six wait when the first worker is free again.
    expect(Math.max(...sizes)).toBe(3);
  });

  it('gives the same bytes the same answer in every company', async () => {
    await start({ workers: 1, queueLimit: 64, batch: 8 });
    const tasks = () => Array.from({ length: 30 }, (_, n) => task([0.5, 1, 0.01][n % 3], n % 7));
    const alone = [];
    for (const each of tasks()) alone.push((await pool.run(each, nobodyLeaves)).result.hypotheses);
    const together = await Promise.all(tasks().map((each) => pool.run(each, nobodyLeaves)));
    expect(together.map(({ result }) => result.hypotheses)).toEqual(alone);
    expect(together.some(({ shared }) => shared.inferences > 1)).toBe(true);
  });

  it('refuses one of a company for its own fault alone', async () => {
    await start({ workers: 1, queueLimit: 64, batch: 8 });
    const noise = { ...task(), bytes: Uint8Array.from(Buffer.from('no recording at all')) };
    const first = pool.run(task(), nobodyLeaves);
    const outcomes = await Promise.allSettled(
      [task(), noise, task(601), task()].map((each) => pool.run(each, nobodyLeaves)),
    );
    expect(outcomes.map((outcome) => ('reason' in outcome ? outcome.reason.code : 'done'))).toEqual(
      ['done', 'undecodable_audio', 'audio_too_long', 'done'],
    );
    await first;
  });

  it('stops one of a company that is given up, and leaves the others their thread', async () => {
    // A thread that nobody waited for would be ended after a millisecond.
    await start({ workers: 1, queueLimit: 64, batch: 8, graceMilliseconds: 1 });
    const [thread] = pool.threads;
    for (const place of ['audio', 'features', 'inference'] as const) {
      const client = new AbortController();
      const first = pool.run(task(), nobodyLeaves);
      const given = pool.run(task(120), client.signal);
      const others = [60, 120, 0.5].map((seconds) => pool.run(task(seconds), nobodyLeaves));
      const isOver = () => pool.running === 0;
      await first;
      await until(() => isOver() || pool.activities.includes(place));
      client.abort('late');
      expect(['late', undefined]).toContain(await given.then(() => undefined, String));
      expect((await Promise.all(others)).map(({ model }) => model)).toEqual(Array(3).fill('tiny'));
    }
    expect(pool.threads).toEqual([thread]);
    expect(ends).toEqual([]);
  });

  it('ends the thread of a company that nobody waits for any more, if it does not stop', async () => {
    await start({ workers: 1, queueLimit: 64, batch: 8, graceMilliseconds: 1 }, searching);
    const clients = [new AbortController(), new AbortController()];
    const hmm = () => ({ ...task(300), options: { ...options, decoder: 'hmm' } }) as const;
    const first = pool.run(task(), nobodyLeaves);
    const given = clients.map(({ signal }) => pool.run(hmm(), signal));
    await first;
    await until(() => pool.activities[0] === 'inference');
    for (const client of clients) client.abort('late');
    for (const each of given) await expect(each).rejects.toBe('late');
    await expect(pool.run(task(), nobodyLeaves)).resolves.toMatchObject({ model: 'searching' });
    for (const { cause } of ends)
      expect(cause).toBe('a request was given up and did not stop in time');
  });

  it('fails once each what a thread has that dies, and nothing else', async () => {
    await start({ workers: 1, queueLimit: 64, batch: 3 }, searching);
    const hmm = () => ({ ...task(120), options: { ...options, decoder: 'hmm' } }) as const;
    const first = pool.run(task(), nobodyLeaves);
    const hit = [hmm(), hmm(), hmm()].map((each) => pool.run(each, nobodyLeaves));
    const spared = pool.run(task(), nobodyLeaves);
    await first;
    await until(() => pool.activities[0] === 'search'); // outside a graph
    void pool.threads[0]!.terminate();
    for (const each of hit) await expect(each).rejects.toMatchObject({ code: 'worker_died' });
    await expect(spared).resolves.toMatchObject({ model: 'searching' });
    expect(ends).toEqual([{ cause: 'exit code 1', loaded: true, restartMilliseconds: 0 }]);
  });

  it('moves the bytes to the worker instead of copying them', async () => {
    await start({ workers: 1, queueLimit: 1 });
    const moved = task();
    await pool.run(moved, nobodyLeaves);
    expect(moved.bytes.byteLength).toBe(0);
  });

  it('lets as many wait as the queue has places, and takes more when it has them again', async () => {
    await start({ workers: 1, queueLimit: 3 });
    const accepted = [1, 2, 3, 4].map((seed) => pool.run(task(1, seed), nobodyLeaves));
    expect([pool.running, pool.queued]).toEqual([1, 3]);
    await expect(pool.run(task(), nobodyLeaves)).rejects.toMatchObject({
      code: 'queue_full',
      message: 'the queue is full: 3 requests wait already',
    });
    expect(await Promise.all(accepted)).toHaveLength(4);
    expect([pool.running, pool.queued]).toEqual([0, 0]);
    await expect(pool.run(task(), nobodyLeaves)).resolves.toMatchObject({ model: 'tiny' });
  });

  it('serves who came first first', async () => {
    await start({ workers: 1, queueLimit: 9 });
    const order: number[] = [];
    const runs = [0, 1, 2, 3, 4, 5].map((n) =>
      pool.run(task(), nobodyLeaves).then(() => order.push(n)),
    );
    await Promise.all(runs);
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('frees the place of a waiting task that is given up', async () => {
    await start({ workers: 1, queueLimit: 1 });
    const running = pool.run(task(5), nobodyLeaves);
    const client = new AbortController();
    const waiting = pool.run(task(), client.signal);
    client.abort(new SoriError('client_closed_request', 'left'));
    await expect(waiting).rejects.toMatchObject({ code: 'client_closed_request' });
    expect([pool.running, pool.queued]).toEqual([1, 0]);
    const next = pool.run(task(), nobodyLeaves);
    expect(await Promise.all([running, next])).toHaveLength(2);
  });

  it('stops a running task that is given up, and keeps its thread', async () => {
    await start({ workers: 1, queueLimit: 1 });
    const [thread] = pool.threads;
    const client = new AbortController();
    const running = pool.run(task(300), client.signal);
    client.abort(new SoriError('deadline_exceeded', 'late'));
    await expect(running).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await expect(pool.run(task(), nobodyLeaves)).resolves.toMatchObject({ model: 'tiny' });
    expect(pool.threads).toEqual([thread]);
  });

  it('ends the thread of a task that will not stop, but never inside a graph', async () => {
    await start({ workers: 1, queueLimit: 1, graceMilliseconds: 1 });
    // Wherever the task is when it is given up: a thread ended inside a graph would abort this process.
    for (const place of ['idle', 'audio', 'features', 'inference', 'search'] as const) {
      const client = new AbortController();
      let isOver = false;
      const given = pool.run(task(300), client.signal).then(
        () => 'done',
        (reason: unknown) => reason,
      );
      void given.then(() => {
        isOver = true;
      });
      await until(() => isOver || pool.activities.includes(place));
      client.abort('late');
      expect(['late', 'done']).toContain(await given);
      await expect(pool.run(task(), nobodyLeaves)).resolves.toMatchObject({ model: 'tiny' });
    }
    for (const { cause } of ends)
      expect(cause).toBe('a request was given up and did not stop in time');
  });

  it('keeps the thread of a task that is given up inside the search', async () => {
    await start({ workers: 1, queueLimit: 1 }, searching);
    const [thread] = pool.threads;
    const client = new AbortController();
    const hmm = { ...task(300), options: { ...options, decoder: 'hmm' } } as const;
    const running = pool.run(hmm, client.signal);
    await until(() => pool.activities[0] === 'search');
    client.abort('late');
    await expect(running).rejects.toBe('late');
    await expect(pool.run(task(), nobodyLeaves)).resolves.toMatchObject({ model: 'searching' });
    expect(pool.threads).toEqual([thread]);
    expect(ends).toEqual([]);
  });

  it('gives nothing to a thread that it ends, even if that has stopped by then', async () => {
    await start({ workers: 1, queueLimit: 1, graceMilliseconds: 1 });
    const client = new AbortController();
    const given = pool.run(task(300), client.signal);
    const waiting = pool.run(task(), nobodyLeaves);
    // From here the event loop goes on to timers, and only then to messages.
    await new Promise(setImmediate);
    // While this thread is busy the other one stops, and its grace ends before this one hears of that.
    holdUntil(() => pool.activities[0] !== 'idle');
    client.abort('late');
    holdUntil(() => pool.activities[0] === 'idle');
    const graceEnd = performance.now() + 5;
    holdUntil(() => performance.now() > graceEnd);
    await expect(given).rejects.toBe('late');
    await expect(waiting).resolves.toMatchObject({ model: 'tiny' });
  });

  it('does not begin what is given up already', async () => {
    await start({ workers: 1, queueLimit: 1 });
    await expect(pool.run(task(), AbortSignal.abort('gone'))).rejects.toBe('gone');
    expect(pool.running).toBe(0);
  });

  it('fails only the task of a thread that dies, and replaces the thread', async () => {
    await start({ workers: 1, queueLimit: 4 });
    const [thread] = pool.threads;
    const ended = thread!.terminate(); // at nothing, so outside a graph; the pool learns of it later
    const [hit, spared] = [task(), task()].map((each) => pool.run(each, nobodyLeaves));
    await expect(hit).rejects.toMatchObject({ code: 'worker_died' });
    await ended;
    await expect(spared).resolves.toMatchObject({ model: 'tiny' });
    expect(pool.threads).toHaveLength(1);
    expect(pool.threads[0]).not.toBe(thread);
  });

  it('replaces a thread that dies idle, before anyone notices', async () => {
    await start({ workers: 1, queueLimit: 1 });
    await pool.threads[0]!.terminate();
    expect(pool.loadedWorkers).toBe(0);
    await expect(pool.run(task(), nobodyLeaves)).resolves.toMatchObject({ model: 'tiny' });
    expect(ends).toEqual([{ cause: 'exit code 1', loaded: true, restartMilliseconds: 0 }]);
  });

  it('tries ever more slowly to replace a thread, fails what waits, and recovers', async () => {
    await start({ workers: 1, queueLimit: 4, restartPauseMilliseconds: 20 });
    const mend = breakGraph();
    try {
      await pool.threads[0]!.terminate();
      const waiting = pool.run(task(), nobodyLeaves);
      expect(pool.failing).toBe(false);
      await expect(waiting).rejects.toMatchObject({ code: 'not_ready' });
      expect(pool.failing).toBe(true);
      await expect(pool.run(task(), nobodyLeaves)).rejects.toMatchObject({ code: 'not_ready' });
    } finally {
      mend();
    }
    const failures = ends.slice(1);
    expect(failures.map(({ restartMilliseconds }) => restartMilliseconds)).toEqual([20, 40, 80]);
    for (const { loaded, cause } of failures) {
      expect(loaded).toBe(false);
      expect(cause).toContain('tiny/ctc.onnx');
    }
    await until(() => !pool.failing);
    await expect(pool.run(task(), nobodyLeaves)).resolves.toMatchObject({ model: 'tiny' });
  });

  it('fails what waits at once when its last thread dies while it closes', async () => {
    await start({ workers: 1, queueLimit: 4 });
    void pool.threads[0]!.terminate(); // at nothing, so outside a graph; the pool learns of it later
    const accepted = [task(), task()].map((each) => pool.run(each, nobodyLeaves));
    const closed = pool.close();
    const reasons = await Promise.all(accepted.map((each) => each.catch((reason) => reason)));
    expect(reasons.map(({ code }) => code)).toEqual(['worker_died', 'not_ready']);
    expect(ends).toEqual([{ cause: 'exit code 1', loaded: true, restartMilliseconds: undefined }]);
    await closed;
  });

  it('has its threads end by themselves when it closes, and says nothing of them', async () => {
    await start({ workers: 2, queueLimit: 4 });
    const codes = pool.threads.map((thread) => once(thread, 'exit'));
    await pool.close();
    expect(await Promise.all(codes)).toEqual([[0], [0]]);
    expect(pool.threads).toEqual([]);
    expect(ends).toEqual([]);
  });

  it('has its threads end by themselves after a task that was given up', async () => {
    await start({ workers: 1, queueLimit: 1 });
    const [thread] = pool.threads;
    const code = once(thread!, 'exit');
    const client = new AbortController();
    const given = pool.run(task(300), client.signal);
    client.abort('late');
    await Promise.all([pool.close(), expect(given).rejects.toBe('late')]);
    expect(await code).toEqual([0]);
  });

  it('answers everything accepted before it closes, and nothing after', async () => {
    await start({ workers: 2, queueLimit: 16 });
    const accepted = Array.from({ length: 10 }, () => pool.run(task(1), nobodyLeaves));
    const closed = pool.close();
    await expect(pool.run(task(), nobodyLeaves)).rejects.toMatchObject({ code: 'not_ready' });
    expect(await Promise.all(accepted)).toHaveLength(10);
    await closed;
    await until(() => pool.threads.length === 0);
  });

  it('hands on why a worker cannot load a model', async () => {
    const [model] = models;
    const { labels } = model!.manifest.alphabet;
    const alphabet = { ...model!.manifest.alphabet, labels: labels.slice(0, -1) };
    const broken = { ...model!, manifest: { ...model!.manifest, alphabet } };
    pool = new WorkerPool(
      { models: [broken], defaultModel: undefined, maxAudioSeconds: 600 },
      { workers: 2, queueLimit: 1 },
    );
    await expect(pool.start()).rejects.toThrow('tiny/ctc.onnx: expected output "log_probs"');
  });

  it('hands on what a task is refused with', async () => {
    await start({ workers: 1, queueLimit: 1 });
    const bytes = Uint8Array.from(Buffer.from('no recording at all'));
    await expect(pool.run({ ...task(), bytes }, nobodyLeaves)).rejects.toMatchObject({
      code: 'undecodable_audio',
      param: 'file',
    });
  });
});
