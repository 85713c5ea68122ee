/**
 * npm run soak [-- --minutes N]
 * Keeps the service under load for so long, with models read anew every round, and reports by the round and at
 * the end how memory, times and the event loop went. Exits with 1 if a request failed or a worker ended.
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

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error(`--minutes expected a number above 0, got ${values.minutes}`);
  process.exit(2);
}

const folder = fileURLToPath(new URL('../../models/digits-en', import.meta.url));
const recognizer = await Recognizer.load(await loadModelFolder(folder));
const { loads } = await payloadsFor(recognizer);
await recognizer.release();
const server = await startServer({ LOG_LEVEL: 'info' });
const start = performance.now();
const elapsed = () => (performance.now() - start) / 60_000;
const residents: number[] = []; // MiB, by round
let requests = 0;
while (elapsed() < minutes) {
  for (const [name, load] of loads) {
    const result = await closedLoop(
      { ...load, url: server.url + load.url },
      connections,
      secondsOfEach,
    );
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
  server.child.kill('SIGHUP');
}
const { workerEnds } = await figuresOf(server.url);
server.child.kill('SIGTERM');
const exitCode = await server.exited;
const fifth = Math.max(1, Math.floor(residents.length / 5));
const report = {
  requests,
  resident_mib_second_fifth: Math.round(median(residents.slice(fifth, 2 * fifth + 1))),
  resident_mib_last_fifth: Math.round(median(residents.slice(-fifth))),
  worker_ends: workerEnds,
  exit_code: exitCode,
};
console.log(JSON.stringify(report));
process.exit(exitCode === 0 && workerEnds === 0 ? 0 : 1);
