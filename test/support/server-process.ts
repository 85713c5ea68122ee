import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The server as `npm start` runs it, in a process of its own. */
export type ServerProcess = {
  readonly child: ChildProcess;
  readonly url: string;
  /** Resolves with the exit code when the process has ended. */
  readonly exited: Promise<number | null>;
  /** What it has written so far. */
  readonly output: () => string;
};

/** Starts src/server.ts on a free port; resolves with its first line that has `msg` "ready". */
export async function startServer(
  settings: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const server = spawnServer(settings);
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(server.child.stdout!).on('line', (line) => {
      const { msg, address } = JSON.parse(line) as { msg: string; address?: string };
      if (msg === 'ready') resolve(address!);
    });
    void server.exited.then((code) => reject(new Error(`exit code ${code}: ${server.output()}`)));
  });
  return { ...server, url: address };
}

/** Starts src/server.ts without waiting for anything. */
export function spawnServer(
  settings: Readonly<Record<string, string>>,
): Omit<ServerProcess, 'url'> {
  const script = new URL('../../src/server.ts', import.meta.url).pathname;
  const { PATH } = process.env;
  const child = spawn(process.execPath, [script], {
    env: { ...(PATH !== undefined && { PATH }), PORT: '0', SORI_WORKERS: '1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, exited, output: () => output };
}
