import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import packageManifest from '../../package.json' with { type: 'json' };
import { launcher, sori } from './command-line.ts';
import { plantTree, type Tree } from './prepare/corpus-tree.ts';

const version = `${packageManifest.version}\n`;

/** Flags that make this Node believe that it is an older one, as far as a script can see. */
const pretendOld = [
  process.execPath,
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.0.0"}})',
];

const { PATH: path = '' } = process.env;

/** An older Node on this machine, if there is one. */
const oldNode = path
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .filter((file) => existsSync(file))
  .find((file) => {
    const major = Number.parseInt(
      execFileSync(file, ['--version'], { encoding: 'utf8' }).slice(1),
      10,
    );
    return major >= 18 && major < 24;
  });

let tree: Tree | undefined;
afterEach(() => {
  tree?.remove();
  tree = undefined;
});

describe('the launcher', () => {
  it('runs these tests and itself on Node 24 or later', async () => {
    expect(Number.parseInt(process.versions.node, 10)).toBeGreaterThanOrEqual(24);
    expect(await sori(['--version'])).toEqual({ code: 0, stdout: version, stderr: '' });
  });

  it('goes on with the pinned Node where an older one starts it', async () => {
    expect(await sori(['--version'], { node: pretendOld })).toEqual({
      code: 0,
      stdout: version,
      stderr: '',
    });
  });

  it('hands on the exit code of the pinned Node', async () => {
    const { code, stderr } = await sori(['bogus'], { node: pretendOld });
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'bogus'");
  });

  it.skipIf(oldNode === undefined)('starts from the older Node of this machine', async () => {
    const { code, stdout } = await sori(['--version'], { node: [oldNode!] });
    expect([code, stdout]).toEqual([0, version]);
  });

  it('says what is missing where there is neither a new nor a pinned Node', async () => {
    tree = plantTree({ 'package.json': '{"type":"module"}' });
    mkdirSync(join(tree.root, 'bin'));
    const script = join(tree.root, 'bin', 'sori.js');
    copyFileSync(launcher, script);
    const { code, stderr } = await sori(['--version'], { node: pretendOld, script });
    expect(code).toBe(1);
    expect(stderr).toMatch(/sori needs Node 24, .* run npm ci, or install Node 24/u);
  });
});
