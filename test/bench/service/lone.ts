/** One request at a time, in turns with its work alone, so that a noisy machine disturbs both alike. */
import { Agent } from 'node:http';
import { median } from '../harness.ts';
import { exchange, type Load } from './closed-loop.ts';

/** Medians. */
export type Lone = { readonly requestMilliseconds: number; readonly aloneMilliseconds: number };

/** @param work what the service has to do for the request, done here */
export async function measureLone(load: Load, work: () => unknown, seconds: number): Promise<Lone> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const requests: number[] = [];
  const alone: number[] = [];
  const end = performance.now() + 1000 * seconds;
  do {
    const start = performance.now();
    await exchange(load, agent);
    const answered = performance.now();
    await work();
    alone.push(performance.now() - answered);
    requests.push(answered - start);
  } while (performance.now() < end);
  agent.destroy();
  return { requestMilliseconds: median(requests), aloneMilliseconds: median(alone) };
}
