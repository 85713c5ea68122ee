/**
 * What every bench shares. A bench file exports `run(context: BenchContext): Promise<BenchRow[]>`, makes
 * its own input, and times itself and, where one is installed, a peer toolkit in the same run.
 *
 * Exports: the types `BenchRow`, `BenchContext`, `Peer`, `Timings`; the helpers `median(values)`,
 * `medianSeconds(work, runs)`, `runPeer(script, args, threads)` and `timeAgainstPeer(work, runs, peer, command)`.
 *
 * A peer is a Python script in test/bench/peers/ that speaks lines on its standard streams:
 * - it imports its toolkit, makes its input from its arguments, warms up, and prints
 *   `{"peer": "torchaudio 0.13.1"}`, or `{"missing": "torchaudio"}` and ends;
 * - then, for each line it reads (the command: the name of a case, say), it does that work once and
 *   prints `{"seconds": 0.0123}`; it ends when its input ends.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of the table, or of `--json`. */
export type BenchRow = {
  /** name of the bench, as on the command line */
  readonly bench: string;
  /** what was measured: sizes, options, threads */
  readonly case: string;
  readonly value: number;
  /** of `value`: "frames/s", "ms", "× real time" */
  readonly unit: string;
  /** what `ratio` compares with, its version and its own figure; or why there is nothing to compare with */
  readonly baseline?: string;
  /** how many times as fast as the baseline: above 1 Sori is the faster one */
  readonly ratio?: number;
};

export type BenchContext = {
  /** timed repetitions of each case; medians are reported */
  readonly runs: number;
  /** where the corpora's folders are, if recordings are to be measured on */
  readonly corpora?: string | undefined;
  /** progress for a person, on standard error */
  readonly log: (message: string) => void;
};

export type Peer = {
  /** toolkit and version */
  readonly name: string;
  /** Does the commanded work once; resolves to the seconds it took, measured inside the peer. */
  seconds(command?: string): Promise<number>;
  close(): void;
};

type PeerAnswer = { peer?: string; missing?: string; seconds?: number };

export type Timings = { readonly seconds: number; readonly peerSeconds: number | undefined };

/** The middle value (the mean of the two middle ones). Throws `RangeError` on an empty list. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('[median] expected at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median wall-clock seconds of `work` over `runs` calls, after two calls that warm up. */
export async function medianSeconds(
  work: () => unknown | Promise<unknown>,
  runs: number,
): Promise<number> {
  return (await timeAgainstPeer(work, runs, undefined)).seconds;
}

/**
 * Medians of `work` and of the peer's command, taken in turns so that a noisy machine disturbs both
 * alike. Without a peer only `work` is timed.
 */
export async function timeAgainstPeer(
  work: () => unknown | Promise<unknown>,
  runs: number,
  peer: Peer | undefined,
  command = '',
): Promise<Timings> {
  for (let warmUp = 0; warmUp < 2; warmUp++) await work();
  await peer?.seconds(command);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let index = 0; index < runs; index++) {
    const start = performance.now();
    await work();
    ours.push((performance.now() - start) / 1000);
    if (peer !== undefined) theirs.push(await peer.seconds(command));
  }
  return {
    seconds: median(ours),
    peerSeconds: peer === undefined ? undefined : median(theirs),
  };
}

/** Debian's Python packages belong to its own interpreter, which another one may hide in the PATH. */
const interpreters = ['/usr/bin/python3', 'python3'];

/**
 * Starts test/bench/peers/<script> with python3 and waits until it is ready. Resolves to undefined when
 * python3 or the toolkit is not installed; rejects when the script fails in any other way.
 *
 * @param threads that the peer's numerical libraries may use
 */
export async function runPeer(
  script: string,
  args: readonly string[] = [],
  threads = 1,
): Promise<Peer | undefined> {
  for (const interpreter of interpreters) {
    const peer = await startPeer(interpreter, script, args, threads);
    if (peer !== undefined) return peer;
  }
  return undefined;
}

async function startPeer(
  interpreter: string,
  script: string,
  args: readonly string[],
  threads: number,
): Promise<Peer | undefined> {
  const path = fileURLToPath(new URL(`peers/${script}`, import.meta.url));
  const child = spawn(interpreter, [path, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      OMP_NUM_THREADS: String(threads),
      MKL_NUM_THREADS: String(threads),
      OPENBLAS_NUM_THREADS: String(threads),
    },
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const spawned = await new Promise<boolean>((resolve, reject) => {
    child.once('spawn', () => resolve(true));
    child.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve(false) : reject(error),
    );
  });
  if (!spawned) return undefined;
  child.stdin.on('error', () => {}); // a peer that has ended is reported by the answer that is missing

  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<PeerAnswer> => {
    const line = await lines.next();
    if (line.done) throw new Error(`peer ${script} ended without an answer: ${complaints.trim()}`);
    return JSON.parse(line.value) as PeerAnswer;
  };

  const greeting = await answer();
  if (greeting.missing !== undefined) return undefined;
  return {
    name: String(greeting.peer),
    async seconds(command = '') {
      child.stdin.write(`${command}\n`);
      const { seconds } = await answer();
      if (typeof seconds !== 'number')
        throw new Error(`peer ${script} expected to answer with seconds, got ${String(seconds)}`);
      return seconds;
    },
    close() {
      child.stdin.end();
    },
  };
}
