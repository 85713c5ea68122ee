import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';

export const launcher = fileURLToPath(new URL('../../bin/sori.js', import.meta.url));

export type Finished = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

type RunOptions = {
  /** The interpreter and its flags; by default the one that runs the tests. */
  readonly node?: readonly string[];
  readonly env?: Record<string, string>;
  readonly script?: string;
  /** Called with all of standard error so far each time something is written there. */
  readonly onStderr?: (soFar: string, child: ChildProcess) => void;
};

/** Runs the real command line in a process of its own. */
export function sori(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [node, ...flags] = options.node ?? [process.execPath];
  const child = spawn(node!, [...flags, options.script ?? launcher, ...args], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, child);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs the command line in this process, which is faster by the start of one. */
export async function soriHere(args: readonly string[]): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += String(text);
      return true;
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      stderr += String(text);
      return true;
    }),
    vi.spyOn(console, 'log').mockImplementation((text) => {
      stdout += `${text}\n`;
    }),
  ];
  const codeBefore = process.exitCode;
  process.exitCode = 0;
  try {
    await runCommandLine(args);
    return { code: process.exitCode, stdout, stderr };
  } finally {
    process.exitCode = codeBefore;
    for (const spy of spies) spy.mockRestore();
  }
}
