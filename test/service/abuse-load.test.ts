import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syntheticWav } from '../support/recording.ts';
import { samplesOf, sumOf } from '../support/samples.ts';
import { startServer } from '../support/server-process.ts';
import {
  postRecording,
  recordingForm,
  startService,
  type TestService,
  until,
} from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

describe('under more requests than it can do', () => {
  const wav = syntheticWav({ seconds: 5, seed: 1 });
  let models: TemporaryFolder;

  beforeEach(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path);
  });
  afterEach(() => models.remove());

  /** What an answer says, or its status. */
  async function textOf(response: Response): Promise<unknown> {
    const { status } = response;
    const answer = (await response.json()) as { text?: string };
    return answer.text ?? status;
  }

  it('the service answers what it has places for, turns away the rest, and recovers', async () => {
    const service = await startService(models.path, { SORI_QUEUE_LIMIT: '8' });
    const [alone] = [await textOf(await postRecording(service, wav))];
    const burst = await Promise.all(Array.from({ length: 100 }, () => postRecording(service, wav)));
    const answers = await Promise.all(burst.map(textOf));
    const answered = answers.filter((answer) => answer !== 429);
    expect(answered.length).toBeGreaterThanOrEqual(9);
    expect(answered.length).toBeLessThan(100);
    expect(new Set(answered)).toEqual(new Set([alone]));
    const rejected = await rejections(service);
    expect(rejected).toBe(100 - answered.length);
    // Those turned away come again as soon as they may, until they are served.
    let waiting = rejected;
    while (waiting > 0) {
      const again = await Promise.all(
        Array.from({ length: Math.min(9, waiting) }, () => postRecording(service, wav)),
      );
      for (const response of again) expect(await textOf(response)).toBe(alone);
      waiting -= again.length;
    }
    expect(await rejections(service)).toBe(rejected);
    await service.close();
  });

  async function rejections(service: TestService): Promise<number> {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    return sumOf(samplesOf(text), 'sori_failures_total', { code: 'queue_full' });
  }

  it('the service loses the requests that a worker has when it dies, and no other', async () => {
    const service = await startService(models.path, { SORI_WORKERS: '2' });
    const pool = service.app.recognition.pool!;
    const alone = await textOf(await postRecording(service, wav));
    const deaths = [5, 20, 35]; // of whoever is given these requests
    let given = 0;
    let lost = 0;
    const doom = (thread: (typeof pool.threads)[number]) => {
      const { postMessage } = thread;
      thread.postMessage = (...message) => {
        const [{ tasks = [] }] = message as [{ tasks?: unknown[] }];
        const before = given;
        given += tasks.length;
        // Ended before it is handed the tasks, so outside a graph; the pool learns of it later.
        if (deaths.some((death) => before <= death && death < given)) {
          lost += tasks.length;
          void thread.terminate();
        }
        return postMessage.apply(thread, message);
      };
    };
    const doomed = new Set<unknown>();
    const watch = setInterval(() => {
      for (const thread of pool.threads.filter((each) => !doomed.has(each))) {
        doomed.add(thread);
        doom(thread);
      }
    }, 1);
    await until(() => doomed.size === 2);
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => postRecording(service, wav)),
    );
    clearInterval(watch);
    const answers = await Promise.all(responses.map(textOf));
    expect(lost).toBeGreaterThanOrEqual(deaths.length);
    expect(answers.filter((answer) => answer === 503)).toHaveLength(lost);
    expect(new Set(answers)).toEqual(new Set([503, alone]));
    await until(() => pool.loadedWorkers === 2);
    await service.close();
  });

  it('a process that is told to stop is not ready first, answers what it took, and ends with 0', async () => {
    const server = await startServer({ SORI_MODELS: models.path, SORI_DRAIN_SECONDS: '1' });
    const form = () => recordingForm(wav);
    const statuses: (number | 'no connection')[] = [];
    let isListening = true;
    const client = async () => {
      while (isListening) {
        const post = { method: 'POST', body: form() };
        const response = await fetch(`${server.url}/v1/audio/transcriptions`, post).catch(() => {});
        // A connection that breaks before its answer's headers was refused; one after them would throw here.
        if (response === undefined) isListening = false;
        else await response.text();
        statuses.push(response?.status ?? 'no connection');
      }
    };
    const clients = Array.from({ length: 6 }, client);
    await until(() => statuses.length > 20);
    server.child.kill('SIGTERM');
    let ready = 200;
    while (ready === 200) ({ status: ready } = await fetch(`${server.url}/readyz`));
    expect(ready).toBe(503);
    expect(isListening).toBe(true);
    await Promise.all(clients);
    expect(await server.exited).toBe(0);
    // One after another: answers, then refusals while it still listens, then nobody there.
    const order = [200, 503, 'no connection'];
    expect([...new Set(statuses)].sort((a, b) => order.indexOf(a) - order.indexOf(b))).toEqual(
      order,
    );
    const outcomes = server
      .output()
      .split('\n')
      .filter((line) => line.includes('"status"'))
      .map((line) => (JSON.parse(line) as { outcome: string }).outcome);
    expect(new Set(outcomes)).toEqual(new Set(['answered', 'not_ready']));
    expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(
      statuses.filter((status) => status === 200).length,
    );
  });
});
