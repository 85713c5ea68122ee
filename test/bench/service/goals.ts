/** What is asked of the service beside what it did. */
import type { BenchRow } from '../harness.ts';
import type { Lone } from './lone.ts';

const goals = {
  /** Of what the cores could do by the sum of features, inference and search, each measured alone. */
  saturatedPercent: 85,
  /** By which a lone request's median may exceed that sum. */
  loneMilliseconds: 3,
  /** The 99th percentile of the event loop's lag at saturation, of which the timer has 10 ms. */
  lagMilliseconds: 20,
} as const;

/** A load over many connections. */
export type Saturation = {
  /** Of a core, for a request's work alone, and for all that the service does for a request. */
  readonly aloneCpuSeconds: number;
  readonly cpuSeconds: number;
  readonly lagP99Milliseconds: number;
};

/** Each by the name of what is sent. */
export function goalRows(
  bench: string,
  saturated: ReadonlyMap<string, Saturation>,
  lone: ReadonlyMap<string, Lone>,
): BenchRow[] {
  const row = (what: string, value: number, unit: string, holds: boolean, goal: string) => ({
    bench,
    case: `goal: ${what}`,
    value,
    unit,
    baseline: `${holds ? 'HOLDS' : 'MISSED'}: ${goal}`,
  });
  const rows: BenchRow[] = [];
  for (const [name, { aloneCpuSeconds, cpuSeconds, lagP99Milliseconds }] of saturated) {
    const percent = (100 * aloneCpuSeconds) / cpuSeconds;
    const { saturatedPercent, lagMilliseconds } = goals;
    rows.push(
      row(
        `saturated, ${name}: throughput of a core against its work alone`,
        ...([percent, '%', percent >= saturatedPercent, `at least ${saturatedPercent} %`] as const),
      ),
      row(
        `saturated, ${name}: event loop lag p99`,
        ...([lagP99Milliseconds, 'ms', lagP99Milliseconds < lagMilliseconds] as const),
        `below ${lagMilliseconds} ms`,
      ),
    );
  }
  for (const [name, { requestMilliseconds, aloneMilliseconds }] of lone) {
    const over = requestMilliseconds - aloneMilliseconds;
    const goal = `at most ${goals.loneMilliseconds} ms over ${aloneMilliseconds.toPrecision(3)} ms`;
    const holds = over <= goals.loneMilliseconds;
    rows.push(row(`alone, ${name}: median over its work's`, over, 'ms', holds, goal));
  }
  return rows;
}
