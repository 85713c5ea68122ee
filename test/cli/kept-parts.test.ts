import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KeptParts } from '../../src/cli/study/kept-parts.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/tiny-model.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const settings = { seed: 3, quick: false };
const never = () => Promise.reject(new Error('done already'));

it('has a run that is taken up find what the one that broke off had done', async () => {
  const path = join(folder.path, 'taken-up.json');
  const first = await KeptParts.open(path, settings, false);
  expect(await first.keep('one', () => Promise.resolve({ error: 0.25 }))).toEqual({ error: 0.25 });
  await expect(first.keep('two', () => Promise.reject(new Error('broke')))).rejects.toThrow(
    'broke',
  );

  const second = await KeptParts.open(path, settings, true);
  expect(await second.keep('one', never)).toEqual({ error: 0.25 });
  expect(await second.keep('two', () => Promise.resolve([1, null]))).toEqual([1, null]);
  const third = await KeptParts.open(path, settings, true);
  expect(await third.keep('two', never)).toEqual([1, null]);
  const { seconds } = JSON.parse(await readFile(path, 'utf8')) as { seconds: number };
  expect(seconds).toBeGreaterThan(0);
  expect(third.seconds).toBeGreaterThan(seconds);

  await third.discard();
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});

it('begins anew where it is not told to take anything up', async () => {
  const path = join(folder.path, 'anew.json');
  const first = await KeptParts.open(path, settings, true);
  await first.keep('one', () => Promise.resolve(1));
  const second = await KeptParts.open(path, settings, false);
  expect(await second.keep('one', () => Promise.resolve(2))).toBe(2);
});

it('refuses to mix runs of different seeds', async () => {
  const path = join(folder.path, 'seeds.json');
  const first = await KeptParts.open(path, settings, false);
  await first.keep('one', () => Promise.resolve(1));
  await expect(KeptParts.open(path, { seed: 4, quick: false }, true)).rejects.toThrow('seed 3');
});
