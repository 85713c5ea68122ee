/**
 * npm run soak [-- --minutes N | --requests N] [--seconds N]
 * Keeps the service under load for so long, with models read anew every round; or until so many requests, of so
 * many seconds of speech each, have been answered by the same models. Reports by the load and at the end how
 * memory, times and the event loop went. Exits with 1 if a request failed, a worker ended, or memory grew.
 */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { startServer } from '../support/server-process.ts';
import { median } from './harness.ts';
import { closedLoop, figuresOf, quantile } from './service/closed-loop.ts';
import { payloadsFor } from './service/payloads.ts';

const connections = 8;
const secondsOfEach = 10;
/** Of memory, from the first tenth of the second half to the last: before it, heaps and arenas find their sizes. */
const mostGrowth = 1.05;
/**
 * MiB of V8's old space, in each thread. Where it may grow it does, for tens of thousands of requests, before V8
 * sees a need to collect what is garbage; within this there is room for what is kept, and little else.
 */
const oldSpace = 128;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    requests: { type: 'string' },
    seconds: { type: 'string', default: '2' },
  },
});
const given = values.minutes === undefined && values.requests === undefined ? '60' : undefined;
const minutes = positive('minutes', given ?? values.minutes ?? 'Infinity');
const mostRequests = positive('requests', values.requests ?? 'Infinity');
const seconds = positive('seconds', values.seconds);

function positive(name: string, text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  console.error(`--${name} expected a number above 0, got ${text}`);
  process.exit(2);
}

const folder = fileURLToPath(new URL('../../models/digits-en', import.meta.url));
const recognizer = await Recognizer.load(await loadModelFolder(folder));
const { loads } = await payloadsFor(recognizer, seconds);
await recognizer.release();
const NODE_OPTIONS = `--max-old-space-size=${oldSpace}`;
const server = await startServer({ LOG_LEVEL: 'info', NODE_OPTIONS });
const start = performance.now();
const elapsed = () => (performance.now() - start) / 60_000;
const residents: number[] = []; // MiB, after each load
let requests = 0;
const isOver = () => elapsed() >= minutes || requests >= mostRequests;
while (!isOver()) {
  for (const [name, load] of loads) {
    if (isOver()) break;
    const whole = { ...load, url: server.url + load.url };
    const result = await closedLoop(whole, connections, secondsOfEach);
    requests += result.requests;
    const { residentBytes, lagP99Milliseconds } = await figuresOf(server.url);
    residents.push(residentBytes / 2 ** 20);
    const facts = {
      minutes: Math.round(10 * elapsed()) / 10,
      load: name,
      requests,
      p50_ms: Math.round(quantile(result, 0.5)),
      p99_ms: Math.round(quantile(result, 0.99)),
      resident_mib: Math.round(residents.at(-1)!),
      lag_p99_ms: Math.round(lagP99Milliseconds),
    };
    console.log(JSON.stringify(facts));
  }
  if (mostRequests === Number.POSITIVE_INFINITY) server.child.kill('SIGHUP');
}
const { workerEnds } = await figuresOf(server.url);
server.child.kill('SIGTERM');
const exitCode = await server.exited;
const tenth = Math.max(1, Math.floor(residents.length / 10));
/** The median of a tenth of the run. */
const residentAt = (start: number): number =>
  Math.round(median(residents.slice(start, start + tenth)));
const middle = residentAt(Math.floor(residents.length / 2));
const last = residentAt(residents.length - tenth);
const isFlat = last <= mostGrowth * middle;
const report = {
  requests,
  resident_mib_second_tenth: residentAt(Math.min(tenth, residents.length - tenth)),
  resident_mib_sixth_tenth: middle,
  resident_mib_last_tenth: last,
  memory_flat: isFlat,
  worker_ends: workerEnds,
  exit_code: exitCode,
};
console.log(JSON.stringify(report));
process.exit(exitCode === 0 && workerEnds === 0 && isFlat ? 0 : 1);
