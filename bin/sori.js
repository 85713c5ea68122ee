#!/usr/bin/env node
// Starts src/cli/main.ts on Node 24, whichever Node runs this file. Plain JavaScript of Node 18, because
// an older Node reads it; `npm ci` brings the Node that the command itself runs on.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const main = new URL('../src/cli/main.ts', import.meta.url);

if (Number.parseInt(process.versions.node, 10) >= neededMajor) {
  await import(main.href);
} else {
  runOnPinnedNode();
}

function runOnPinnedNode() {
  const node = pinnedNode();
  if (node === undefined) {
    process.stderr.write(
      `sori needs Node ${neededMajor}, this is ${process.version}, and node_modules has none for ` +
        `${process.platform}-${process.arch}: run npm ci, or install Node ${neededMajor}\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // Ctrl-C reaches the child by itself (one terminal, one process group); this process only waits for
  // it. SIGTERM and SIGHUP are sent to one process, so they are handed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`sori: cannot start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
      process.kill(process.pid, signal);
    }
  });
}

/** The binary inside the package that carries Node for this machine, where there is one. */
function pinnedNode() {
  const [system, binary] =
    process.platform === 'win32' ? ['win', 'node.exe'] : [process.platform, 'node'];
  const name = `node-${system}-${process.arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const path = join(folder, 'bin', binary);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined; // not installed
  }
}
