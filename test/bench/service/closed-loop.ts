/** Clients that each send a request as soon as they have the answer to the last. */
import { Agent, request } from 'node:http';
import { samplesOf, sumOf } from '../../support/samples.ts';

export type Load = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** What the clients saw, and what it cost the process that they asked. */
export type LoadResult = {
  readonly requests: number;
  readonly seconds: number;
  /** Of each request, sorted. */
  readonly milliseconds: Float64Array;
};

/**
 * Sends for so long, and as many requests at the least, over so many connections; a request that is under way at
 * the end is waited for.
 */
export async function closedLoop(
  load: Load,
  connections: number,
  seconds: number,
  leastRequests = 0,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const taken: number[] = [];
  const start = performance.now();
  const end = start + 1000 * seconds;
  let begun = 0;
  const client = async () => {
    do {
      begun++;
      const sent = performance.now();
      await exchange(load, agent);
      taken.push(performance.now() - sent);
    } while (performance.now() < end || begun < leastRequests);
  };
  await Promise.all(Array.from({ length: connections }, client));
  const elapsed = (performance.now() - start) / 1000;
  agent.destroy();
  const milliseconds = Float64Array.from(taken).sort();
  return { requests: taken.length, seconds: elapsed, milliseconds };
}

/** @param share in [0, 1]: 0.99 for the 99th percentile */
export function quantile({ milliseconds }: LoadResult, share: number): number {
  return milliseconds[Math.min(milliseconds.length - 1, Math.floor(share * milliseconds.length))]!;
}

/** Sends one request and waits for its answer. */
export async function exchange({ url, headers, body }: Load, agent: Agent): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const length = { 'content-length': body.length };
    const outgoing = request(
      url,
      { method: 'POST', agent, headers: { ...headers, ...length } },
      (response) => {
        if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
        response.on('data', () => {});
        response.on('end', resolve);
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Figures of a server's own, of `GET /metrics`. */
export type ServerFigures = {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** Worker threads that ended of themselves. */
  readonly workerEnds: number;
  /** Since the last time that they were asked for. */
  readonly lagP99Milliseconds: number;
};

export async function figuresOf(url: string): Promise<ServerFigures> {
  const samples = samplesOf(await (await fetch(`${url}/metrics`)).text());
  return {
    cpuSeconds: sumOf(samples, 'process_cpu_seconds_total', {}),
    workerEnds: sumOf(samples, 'sori_worker_ends_total', {}),
    residentBytes: sumOf(samples, 'process_resident_memory_bytes', {}),
    lagP99Milliseconds: 1000 * sumOf(samples, 'nodejs_eventloop_lag_p99_seconds', {}),
  };
}
