import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticWav } from '../support/recording.ts';
import { postRecording, startService, type TestService } from '../support/service.ts';
import { type TemporaryFolder, temporaryFolder, writeTinyModel } from '../support/tiny-model.ts';
import { dashboardQueries, readText, rules, top } from './files.ts';

const folder = join(top, 'docker/prometheus');

function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

describe.skipIf(!has('promtool'))('promtool', () => {
  const promtool = (...words: string[]) =>
    execFileSync('promtool', words, { encoding: 'utf8', cwd: folder });

  it('finds the configuration and the rules valid', () => {
    expect(promtool('check', 'config', 'prometheus.yaml')).toContain('SUCCESS');
    expect(promtool('check', 'rules', 'rules.yaml')).toContain(`${rules().length} rules found`);
  });

  it('finds that the rules do what they should', () => {
    expect(promtool('test', 'rules', 'rules.test.yaml')).toContain('SUCCESS');
  });

  it('finds nothing amiss with Sori’s metrics', async () => {
    const models = await temporaryFolder();
    await writeTinyModel(models.path);
    const service = await startService(models.path);
    const text = await (await fetch(`${service.url}/metrics`)).text();
    await service.close();
    await models.remove();
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    // It lints more strictly than Prometheus reads, and has complaints about Node's own figures.
    expect(`${stdout}${stderr}`).not.toMatch(/^sori_|error while linting/m);
  });
});

describe.skipIf(!has('prometheus'))('Prometheus, with the configuration that is shipped', () => {
  let models: TemporaryFolder;
  let data: TemporaryFolder;
  let service: TestService;
  let prometheus: ChildProcess;
  let url: string;

  beforeAll(async () => {
    models = await temporaryFolder();
    data = await temporaryFolder();
    await writeTinyModel(models.path);
    service = await startService(models.path);
    const shipped = readText('docker/prometheus/prometheus.yaml');
    expect(shipped.match(/sori:8080/g)).toHaveLength(1);
    const { host } = new URL(service.url);
    const configuration = join(data.path, 'prometheus.yaml');
    await writeFile(configuration, shipped.replace('sori:8080', host));
    await copyFile(join(folder, 'rules.yaml'), join(data.path, 'rules.yaml'));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${configuration}`,
        `--storage.tsdb.path=${join(data.path, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    await postRecording(service, syntheticWav({ seconds: 1, seed: 1 }));
    while (!(await answers(`${url}/-/ready`))) await pause();
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => prometheus.once('exit', resolve));
    prometheus.kill('SIGTERM');
    await ended;
    await service.close();
    await Promise.all([models.remove(), data.remove()]);
  });

  type Result = { readonly metric: Record<string, string>; readonly value: [number, string] };

  async function api<Data>(path: string): Promise<Data> {
    const answer = (await (await fetch(`${url}/api/v1/${path}`)).json()) as {
      status: string;
      data: Data;
      error?: string;
    };
    expect(answer, path).toMatchObject({ status: 'success' });
    return answer.data;
  }
  const query = async (text: string) =>
    (await api<{ result: Result[] }>(`query?query=${encodeURIComponent(text)}`)).result;

  it('scrapes the service and has its figures', async () => {
    const counted = 'sori_requests_total{job="sori", route="/v1/audio/transcriptions"}';
    let results: Result[] = [];
    while (results.length === 0) {
      await pause();
      results = await query(counted);
    }
    expect(results.map(({ metric, value }) => [metric['status'], value[1]])).toEqual([
      ['200', '1'],
    ]);
    expect(await query('up{job="sori"}')).toMatchObject([{ value: [expect.anything(), '1'] }]);
    const { activeTargets } = await api<{ activeTargets: { lastError: string }[] }>('targets');
    expect(activeTargets.map(({ lastError }) => lastError)).toEqual(['']);
  });

  it('evaluates every rule without complaint, and alerts to nothing', async () => {
    type Group = { rules: { name: string; health: string; state?: string }[] };
    const evaluated = async () =>
      (await api<{ groups: Group[] }>('rules')).groups.flatMap((group) => group.rules);
    while ((await evaluated()).some(({ health }) => health === 'unknown')) await pause();
    const all = await evaluated();
    expect(all.map(({ name }) => name).sort()).toEqual(
      rules()
        .map(({ record, alert }) => record ?? alert)
        .sort(),
    );
    expect(all.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(all.filter(({ state }) => state === 'firing')).toEqual([]);
  });

  it('can answer every query of the dashboard', async () => {
    for (const text of dashboardQueries()) await query(text);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 200));
}
