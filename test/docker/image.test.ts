import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { top } from './files.ts';

/** That of a script that finds a tool missing. */
const skipped = 77;
const patienceMilliseconds = 20 * 60_000;

// It makes a Debian of its own and asks the registry for the image's packages: minutes of work.
describe.skipIf(process.env['CI'] !== 'true')('the image, made without a container engine', () => {
  it(
    'holds no tools, cannot be written, and hears a recording without a network',
    async (context) => {
      const script = spawn('bash', ['docker/try-without-engine.sh'], {
        cwd: top,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [script.stdout, script.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      const code = await new Promise<number | null>((resolve) => script.once('close', resolve));
      context.skip(code === skipped, output.trim().split('\n').at(-1));
      expect(code, output).toBe(0);
    },
    patienceMilliseconds,
  );
});
