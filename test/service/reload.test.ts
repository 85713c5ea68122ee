import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

type Answer = { readonly text: string; readonly model: { id: string; sha256: string } };

describe('reading the models anew', () => {
  const wav = syntheticWav({ seconds: 5, seed: 1 });
  let models: TemporaryFolder;
  let service: TestService;

  beforeEach(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { seed: 1 });
    service = await startService(models.path, { SORI_WORKERS: '2' });
  });
  afterEach(async () => {
    await service.close();
    await models.remove();
  });

  async function transcribe(recording = wav): Promise<Answer> {
    const response = await postRecording(service, recording);
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  }

  async function reloads(outcome: 'served' | 'failed'): Promise<number> {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    return sumOf(samplesOf(text), 'sori_reloads_total', { outcome });
  }

  it('answers all the while, each request by one model, whose sha256 it names', async () => {
    const before = await transcribe();
    const answers: Answer[] = [];
    let isOver = false;
    const clients = Array.from({ length: 6 }, async () => {
      while (!isOver) answers.push(await transcribe());
    });
    await until(() => answers.length >= 6);
    await writeTinyModel(models.path, { seed: 2 });
    await service.app.recognition.reload();
    const after = await transcribe();
    isOver = true;
    await Promise.all(clients);
    expect(after.model.sha256).not.toBe(before.model.sha256);
    expect(after.text).not.toBe(before.text);
    const textOf = new Map([before, after].map(({ model, text }) => [model.sha256, text]));
    for (const { model, text } of answers) expect(text).toBe(textOf.get(model.sha256));
    expect(answers[0]).toEqual(before);
    expect(await reloads('served')).toBe(1);
  });

  it('ends what was accepted before with the model before, and then its threads', async () => {
    const before = service.app.recognition.pool!;
    const { sha256 } = (await transcribe()).model;
    await writeTinyModel(models.path, { seed: 2 });
    const long = syntheticWav({ seconds: 120, seed: 2 });
    const accepted = Array.from({ length: 6 }, () => transcribe(long));
    await until(() => before.queued > 0);
    await service.app.recognition.reload();
    expect((await transcribe()).model.sha256).not.toBe(sha256);
    for (const { model } of await Promise.all(accepted)) expect(model.sha256).toBe(sha256);
    await until(() => before.threads.length === 0);
    expect(service.app.recognition.pool!.loadedWorkers).toBe(2);
    expect(service.log().filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  it('takes models in and out, and describes those that it has', async () => {
    await writeTinyModel(models.path, { name: 'second', seed: 3, hmm: true });
    await rm(join(models.path, 'tiny'), { recursive: true });
    const ids = async () => {
      const list = (await (await fetch(`${service.url}/v1/models`)).json()) as {
        data: { id: string }[];
      };
      return list.data.map(({ id }) => id);
    };
    const document = async () => (await fetch(`${service.url}/openapi.json`)).text();
    expect(await document()).toContain('"tiny"');
    expect(await ids()).toEqual(['tiny']);
    await service.app.recognition.reload();
    expect(await ids()).toEqual(['second']);
    expect(await document()).not.toContain('"tiny"');
    expect((await transcribe()).model.id).toBe('second');
    expect((await postRecording(service, wav, { model: 'tiny' })).status).toBe(404);
  });

  const graph = () => join(models.path, 'tiny', 'ctc.onnx');

  /** A graph that is none, under a manifest that says it is the one that is meant. */
  async function vouchForNonsense(): Promise<void> {
    const nonsense = Buffer.from('no graph');
    await writeFile(graph(), nonsense);
    const file = join(models.path, 'tiny', 'model.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as { ctc: object };
    const sha256 = createHash('sha256').update(nonsense).digest('hex');
    await writeFile(file, JSON.stringify({ ...manifest, ctc: { ...manifest.ctc, sha256 } }));
  }

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a graph of another sha256', () => writeFile(graph(), 'cut'), /ctc\.onnx: expected sha256/],
    ['a graph that no worker can load', vouchForNonsense, /tiny\/ctc\.onnx/],
    ['no model at all', () => rm(join(models.path, 'tiny'), { recursive: true }), /at least one/],
  ])('goes on with the model before where there is %s, and recovers', async (_, spoil, reason) => {
    const before = await transcribe();
    await spoil();
    await expect(service.app.recognition.reload()).rejects.toThrow(reason);
    expect(await transcribe()).toEqual(before);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect(await reloads('failed')).toBe(1);
    await writeTinyModel(models.path, { seed: 2 });
    await service.app.recognition.reload();
    expect((await transcribe()).model.sha256).not.toBe(before.model.sha256);
  });

  it('comes one after another when asked for twice, and the last one stays', async () => {
    const { recognition } = service.app;
    const first = recognition.reload();
    await writeTinyModel(models.path, { seed: 2 });
    const { sha256 } = (await writeTinyModel(models.path, { seed: 3 })).ctc;
    await Promise.all([first.catch(() => {}), recognition.reload()]);
    expect((await transcribe()).model.sha256).toBe(sha256);
  });

  it('is over when the service has closed, and refused from then on', async () => {
    const { recognition } = service.app;
    const reload = recognition.reload();
    await service.close();
    await reload;
    expect(recognition.pool!.threads).toEqual([]);
    await expect(recognition.reload()).rejects.toMatchObject({ code: 'not_ready' });
  });
});

describe.skipIf(process.platform === 'win32')('a process that gets SIGHUP', () => {
  it('serves what is in the folder now, or says why not and goes on', async () => {
    const models = await temporaryFolder();
    await writeTinyModel(models.path, { seed: 1 });
    const server = await startServer({ SORI_MODELS: models.path });
    const sha256 = async () => {
      const body = recordingForm(syntheticWav({ seconds: 0.5, seed: 1 }));
      const response = await fetch(`${server.url}/v1/audio/transcriptions`, {
        method: 'POST',
        body,
      });
      return ((await response.json()) as Answer).model.sha256;
    };
    const second = (await writeTinyModel(models.path, { seed: 2 })).ctc.sha256;
    expect(await sha256()).not.toBe(second);
    server.child.kill('SIGHUP');
    await until(() => server.output().includes('"msg":"models reloaded"'));
    expect(await sha256()).toBe(second);
    await writeFile(join(models.path, 'tiny', 'ctc.onnx'), 'cut');
    server.child.kill('SIGHUP');
    await until(() => server.output().includes('models not reloaded'));
    expect(server.output()).toMatch(/those before are served: .*ctc\.onnx: expected sha256/);
    expect(await sha256()).toBe(second);
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    await models.remove();
  });
});
