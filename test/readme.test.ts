import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import packageManifest from '../package.json' with { type: 'json' };
import { commands } from '../src/cli/commands.ts';
import { errorTable } from '../src/errors.ts';
import { soriHere } from './cli/command-line.ts';
import { startService } from './support/service.ts';
import { temporaryFolder } from './support/tiny-model.ts';

const top = resolve(import.meta.dirname, '..');
const readText = (name: string) => readFileSync(join(top, name), 'utf8');
const readme = readText('README.md');
const { PATH: path = '' } = process.env;

/** The commands of all shell blocks, those over several lines as one. */
const shellCommands = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) =>
  block!
    .replaceAll(/\\\n\s*/g, '')
    .trimEnd()
    .split('\n'),
);
/** Everything in backticks, on one line. */
const codeSpans = [...readme.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);

/** The block of code after a marker. */
function markedBlock(marker: string): string {
  const match = new RegExp(`<!-- ${marker} -->\n\`\`\`\\w+\n(.*?)\`\`\``, 's').exec(readme);
  if (match === null) throw new Error(`README.md has no block after <!-- ${marker} -->`);
  return match[1]!;
}

/** The rows of the table under a heading, their cells without backticks. */
function tableUnder(heading: string): string[][] {
  const section = readme.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`));
  const rows = [...(section ?? '').matchAll(/^\|(.*)\|$/gm)].slice(2);
  return rows.map(([, row]) => row!.split('|').map((cell) => cell.trim().replaceAll('`', '')));
}

describe('README.md', () => {
  it('has the command that starts and the one that tests', () => {
    expect(shellCommands.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    expect(markedBlock('ci:test')).toBe('npm ci && npm test\n');
  });

  it('names scripts that package.json has', () => {
    const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script!);
    expect(named.length).toBeGreaterThan(3);
    expect(Object.keys(packageManifest.scripts)).toEqual(expect.arrayContaining(named));
  });

  it('names files that are there', () => {
    const files = [...codeSpans, ...shellCommands.flatMap((command) => command.split(/[\s=@]+/))]
      .filter((text) => /^(?:src|routes|test|bin|docker|models)\/[\w./-]+$/.test(text))
      .concat('.env.example', '.npmrc', 'CONTRIBUTING.md', 'Dockerfile', 'LICENSE');
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter((file) => !existsSync(join(top, file)))).toEqual([]);
  });

  it('names every command of sori, and no other', () => {
    const rows = tableUnder('Commands').map(([command]) => command!.split(' ')[1]);
    expect(rows.sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  it('calls commands with the flags that they have', async () => {
    const calls = shellCommands
      .filter((command) => command.startsWith('npx sori '))
      .map((command) => command.split(' ').slice(2));
    expect(calls.length).toBeGreaterThan(5);
    for (const [command, ...rest] of calls) {
      const named = command === 'lm' ? [command, rest[0]!] : [command!];
      const { stdout } = await soriHere([...named, '--help']);
      for (const flag of rest.filter((word) => word.startsWith('--')))
        expect(stdout, command).toMatch(new RegExp(`^ +${flag}\\b`, 'm'));
    }
  });

  it('names every corpus that sori prepare knows, and no other', async () => {
    const { stdout } = await soriHere(['prepare', '--help']);
    const known = [...stdout.matchAll(/^ {2}([\w-]+) \[options\]/gm)].map(([, name]) => name!);
    const rows = tableUnder('Corpora').map(([name]) => name!);
    expect(rows.sort()).toEqual(known.sort());
  });

  it('shows every setting with its default, as .env.example does', () => {
    const example = readText('.env.example');
    const fixed = parseEnv(example);
    const names = Object.keys(parseEnv(example.replaceAll(/^# ?(\w+=)/gm, '$1')));
    const rows = tableUnder('Settings');
    expect(rows.map(([name]) => name!).sort()).toEqual(names.sort());
    for (const [name, value] of rows)
      if (fixed[name!] !== undefined) expect(value, name).toBe(fixed[name!]);
  });

  it('shows every error with its status and type', () => {
    const expected = Object.entries(errorTable).map(([code, { status, type }]) => [
      code,
      String(status),
      type,
    ]);
    expect(tableUnder('Errors').map((row) => row.slice(0, 3))).toEqual(expected);
  });

  const canAsk =
    existsSync(join(top, 'models/digits-en/model.json')) &&
    [
      ['curl', '--version'],
      ['bash', '--version'],
    ].every(([program, flag]) => spawnSync(program!, [flag!]).status === 0);
  it.skipIf(!canAsk)('makes requests that give the answer it shows', async () => {
    const models = join(top, 'models');
    const service = await startService(models);
    const folder = await temporaryFolder();
    try {
      const ask = async (command: string) => {
        const here = command
          .replace('npx sori', 'node bin/sori.js')
          .replaceAll('/tmp/', `${folder.path}/`)
          .replace('http://127.0.0.1:8080', service.url)
          .replace(/^curl/, 'curl --silent');
        const env = { PATH: `${dirname(process.execPath)}:${path}`, SORI_MODELS: models };
        return (await promisify(execFile)('bash', ['-c', here], { cwd: top, env })).stdout;
      };
      const shown = JSON.parse(markedBlock('answer'));
      const given = JSON.parse(await ask(markedBlock('request')));
      // Other processors round otherwise.
      expect(given).toEqual({ ...shown, confidence: expect.closeTo(shown.confidence, 3) });

      for (const command of shellCommands.filter((line) => line.startsWith('npx sori features')))
        await ask(command);
      const requests = shellCommands.filter((line) => line.startsWith('curl '));
      expect(requests).toHaveLength(10);
      for (const request of requests) expect(await ask(request), request).toContain(shown.text);
    } finally {
      await service.close();
      await folder.remove();
    }
  });
});
