/**
 * The service as `npm start` runs it, in a process of its own, under clients that never pause: two seconds of
 * digits as a WAV, as bare features and as JSON, over 1, 8 and 64 connections; beside what bare fastify does
 * with the same bodies, and what a core does of features, inference and search without any service. At the end
 * stand the goals, and whether they hold.
 *
 * Clients, service and ceilings share the cores of one machine. What others take of them shows in what goes by
 * the clock, and hardly in `CPU`: what the service's process takes of a core for a request, against what the
 * work alone takes.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { startServer } from '../support/server-process.ts';
import type { BenchContext, BenchRow } from './harness.ts';
import { aloneOf, type Ceilings, type Cost, measureCeilings } from './service/ceilings.ts';
import { closedLoop, figuresOf, type Load, quantile } from './service/closed-loop.ts';
import { goalRows, type Saturation } from './service/goals.ts';
import { type Lone, measureLone } from './service/lone.ts';
import { type Payloads, payloadsFor } from './service/payloads.ts';

const bench = 'service';
const workers = 1;
const connectionCounts = [1, 8, 64];
const warmUpRequests = 300;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function run(context: BenchContext): Promise<BenchRow[]> {
  const folder = await loadModelFolder(here('../../models/digits-en'));
  const recognizer = await Recognizer.load(folder);
  const payloads = await payloadsFor(recognizer, 2);
  const ceilings = await measureCeilings(folder, recognizer, payloads, context.runs);
  const seconds = context.runs / 3; // of each load
  const rows = [
    ...ceilingRows(ceilings),
    ...(await echoRows(payloads, seconds)),
    ...(await serviceRows(payloads, recognizer, ceilings, seconds, context)),
  ];
  await recognizer.release();
  return rows;
}

const milliseconds = (seconds: number) => `${(1000 * seconds).toPrecision(3)} ms`;

function ceilingRows({ features, inference, recording, recognition }: Ceilings): BenchRow[] {
  const alone = inference.get(1)!;
  const row = (what: string, { seconds, cpuSeconds }: Cost, against?: Cost): BenchRow => ({
    bench,
    case: `ceiling: ${what}: CPU each`,
    value: 1000 * cpuSeconds,
    unit: 'ms',
    baseline:
      `by the clock ${milliseconds(seconds)}` +
      (against === undefined ? '' : `; batch 1: CPU ${milliseconds(against.cpuSeconds)}`),
    ...(against !== undefined && { ratio: against.cpuSeconds / cpuSeconds }),
  });
  return [
    row('features', features),
    ...[...inference].map(([size, cost]) =>
      row(`ONNX Runtime, batch ${size}`, cost, size > 1 ? alone : undefined),
    ),
    row('features, inference, search of a WAV', recording),
    row('inference, search of features', recognition),
  ];
}

async function echoRows({ loads }: Payloads, seconds: number): Promise<BenchRow[]> {
  const child = spawn(process.execPath, [here('service/echo-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  try {
    const address = await new Promise<string>((resolve) => {
      createInterface(child.stdout).once('line', resolve);
    });
    const rows: BenchRow[] = [];
    for (const [name, load] of loads) {
      const { requests, seconds: took } = await closedLoop({ ...load, url: address }, 8, seconds);
      const value = requests / took;
      rows.push({ bench, case: `ceiling: bare fastify echo, ${name}`, value, unit: 'requests/s' });
    }
    return rows;
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

async function serviceRows(
  payloads: Payloads,
  recognizer: Recognizer,
  ceilings: Ceilings,
  seconds: number,
  context: BenchContext,
): Promise<BenchRow[]> {
  const { loads } = payloads;
  const server = await startServer({ SORI_WORKERS: String(workers) });
  try {
    const rows: BenchRow[] = [];
    let sent = 0;
    for (const load of loads.values())
      await closedLoop({ ...load, url: server.url + load.url }, 8, seconds, warmUpRequests);
    const { residentBytes } = await figuresOf(server.url);
    const { hear, read } = aloneOf(recognizer, payloads);
    const lone = new Map<string, Lone>();
    const saturated = new Map<string, Saturation>();
    for (const [name, load] of loads) {
      const alone = name === 'WAV' ? ceilings.recording : ceilings.recognition;
      for (const connections of connectionCounts) {
        context.log(`  ${name}, ${connections} connections`);
        const result = await measure(server.url, load, connections, seconds);
        sent += result.requests;
        rows.push(...loadRows(`${name}, ${connections} connections`, result, alone, connections));
        const { cpuSeconds, lagP99Milliseconds } = result;
        saturated.set(name, { aloneCpuSeconds: alone.cpuSeconds, cpuSeconds, lagP99Milliseconds });
      }
      const work = name === 'WAV' ? hear : read;
      lone.set(name, await measureLone({ ...load, url: server.url + load.url }, work, seconds));
    }
    const after = (await figuresOf(server.url)).residentBytes;
    rows.push({
      bench,
      case: `memory after ${sent} requests`,
      value: after / 2 ** 20,
      unit: 'MiB',
      baseline: `before them ${Math.round(residentBytes / 2 ** 20)} MiB`,
    });
    return [...rows, ...goalRows(bench, saturated, lone)];
  } finally {
    server.child.kill('SIGTERM');
    await server.exited;
  }
}

async function measure(url: string, load: Load, connections: number, seconds: number) {
  const before = await figuresOf(url);
  const result = await closedLoop({ ...load, url: url + load.url }, connections, seconds);
  const after = await figuresOf(url);
  const cpuSeconds = (after.cpuSeconds - before.cpuSeconds) / result.requests;
  return { ...result, cpuSeconds, lagP99Milliseconds: after.lagP99Milliseconds };
}

/** @param alone what a request takes without any service */
function loadRows(
  name: string,
  result: Awaited<ReturnType<typeof measure>>,
  alone: Cost,
  connections: number,
): BenchRow[] {
  const rate = result.requests / result.seconds;
  const median = quantile(result, 0.5);
  const row = (what: string, value: number, unit: string) => ({
    bench,
    case: `${name}: ${what}`,
    value,
    unit,
  });
  const against = (spent: number, part: keyof Cost) => ({
    baseline: `the work alone: ${milliseconds(alone[part])}`,
    ratio: alone[part] / spent,
  });
  return [
    { ...row('throughput', rate, 'requests/s'), ...against(workers / rate, 'seconds') },
    {
      ...row('CPU a request', 1000 * result.cpuSeconds, 'ms'),
      ...against(result.cpuSeconds, 'cpuSeconds'),
    },
    { ...row('p50', median, 'ms'), ...(connections === 1 && against(median / 1000, 'seconds')) },
    row('p99', quantile(result, 0.99), 'ms'),
    row('event loop lag p99', result.lagP99Milliseconds, 'ms'),
  ];
}
