import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticWav } from '../support/recording.ts';
import { spawnServer, startServer } from '../support/server-process.ts';
import { recordingForm } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';

describe('the server process', () => {
  let models: TemporaryFolder;

  beforeAll(async () => {
    models = await temporaryFolder();
    await writeTinyModel(models.path, { hidden: 64 });
  });
  afterAll(() => models.remove());

  it('says once that it is ready, and then is', async () => {
    const server = await startServer({ SORI_MODELS: models.path });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const lines = server.output().trim().split('\n');
    expect(lines.filter((line) => line.includes('"msg":"ready"'))).toHaveLength(1);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ models: ['tiny'], workers: 1 });
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'answers every request it has accepted after %s, and ends with 0',
    async (signal) => {
      const server = await startServer({ SORI_MODELS: models.path });
      const body = recordingForm(syntheticWav({ seconds: 60, seed: 2 }));
      const post = () => fetch(`${server.url}/v1/audio/transcriptions`, { method: 'POST', body });
      const first = await post();
      const accepted = Array.from({ length: 8 }, post);
      // Until the first of them is answered the others are in the queue.
      await Promise.race(accepted);
      server.child.kill(signal);
      const responses = await Promise.all(accepted);
      expect(responses.map(({ status }) => status)).toEqual(Array(8).fill(200));
      const text = await first.text();
      for (const response of responses) expect(await response.text()).toBe(text);
      expect(await server.exited).toBe(0);
      await expect(post()).rejects.toThrow();
    },
  );

  it('does not wait for connections on which nothing was asked', async () => {
    const server = await startServer({ SORI_MODELS: models.path });
    const { hostname, port } = new URL(server.url);
    const silent = connect(Number(port), hostname);
    await new Promise((resolve) => silent.once('connect', resolve));
    await fetch(`${server.url}/livez`);
    const ended = new Promise((resolve) => silent.once('close', resolve));
    server.child.kill('SIGTERM');
    await ended;
    expect(await server.exited).toBe(0);
  });

  it('goes on listening for SORI_DRAIN_SECONDS, alive but not ready', async () => {
    const server = await startServer({ SORI_MODELS: models.path, SORI_DRAIN_SECONDS: '1' });
    server.child.kill('SIGTERM');
    let status = 200;
    while (status === 200) ({ status } = await fetch(`${server.url}/readyz`));
    expect(status).toBe(503);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    expect(await server.exited).toBe(0);
  });

  it('stops cleanly in the middle of loading', async () => {
    const server = spawnServer({ SORI_MODELS: models.path, SORI_WORKERS: '2' });
    await new Promise((resolve) => server.child.stdout!.once('data', resolve));
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.output()).not.toContain('"msg":"ready"');
  });

  it.skipIf(process.platform === 'win32')(
    'stops when npm, which started it, is stopped',
    async () => {
      const { PATH = '' } = process.env;
      const npm = spawn('npm', ['start'], {
        cwd: new URL('../..', import.meta.url),
        env: { PATH, PORT: '0', SORI_WORKERS: '1', SORI_MODELS: models.path },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const lines = createInterface(npm.stdout);
      const url = await new Promise<string>((resolve) => {
        lines.on('line', (line) => {
          const ready = /"address":"(.*?)"/u.exec(line);
          if (ready !== null) resolve(ready[1]!);
        });
      });
      // Everyone who writes to the pipe has ended when it closes: npm, its shell and the service.
      const allEnded = new Promise((resolve) => lines.once('close', resolve));
      npm.kill('SIGTERM');
      await allEnded;
      await expect(fetch(`${url}/livez`)).rejects.toThrow();
    },
  );

  it('ends with 2 on a setting that it cannot use, and names it', async () => {
    const server = spawnServer({ SORI_MODELS: models.path, SORI_WORKERS: 'many' });
    expect(await server.exited).toBe(2);
    expect(server.output()).toBe(
      'sori: SORI_WORKERS: expected a whole number from 1 to 256, got "many"\n',
    );
  });

  it('ends with 1 when a model cannot be loaded, and names the file', async () => {
    const broken = await temporaryFolder();
    await writeTinyModel(broken.path);
    const file = join(broken.path, 'tiny', 'ctc.onnx');
    await writeFile(file, 'no graph');
    const server = spawnServer({ SORI_MODELS: broken.path });
    expect(await server.exited).toBe(1);
    expect(server.output()).toContain(`cannot start: ${file}: expected sha256`);
    await broken.remove();
  });

  it('says once, in the line as in its error, why a file cannot be read', async () => {
    const missing = join(models.path, 'missing');
    const server = spawnServer({ SORI_MODELS: missing });
    expect(await server.exited).toBe(1);
    const lines = server.output().trim().split('\n');
    const { msg, err } = JSON.parse(lines.at(-1)!) as { msg: string; err: { message: string } };
    const fault = `${missing}: cannot be listed: ENOENT: no such file or directory, scandir '${missing}'`;
    expect([msg, err.message]).toEqual([`cannot start: ${fault}`, fault]);
  });

  it('ends with 1 when there is no model, and when the default is none of them', async () => {
    const empty = await temporaryFolder();
    const without = spawnServer({ SORI_MODELS: empty.path });
    const wrong = spawnServer({ SORI_MODELS: models.path, SORI_DEFAULT_MODEL: 'huge' });
    expect(await Promise.all([without.exited, wrong.exited])).toEqual([1, 1]);
    expect(without.output()).toContain('expected at least one folder with a model.json');
    expect(wrong.output()).toContain('expected the default model \\"huge\\"');
    await empty.remove();
  });
});
