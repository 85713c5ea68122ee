import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/tiny-model.ts';
import { toneConfiguration, unvaried, writeToneCorpus } from '../training/tones.ts';

const top = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const { PATH: path = '' } = process.env;
/** Every step starts a process that trains or measures. */
const timeout = 300_000;

/** A tree with the commands of this one and a model of its own. */
let tree: TemporaryFolder;
beforeAll(async () => {
  tree = await temporaryFolder();
  const at = (...path: string[]) => join(tree.path, ...path);
  await cp(join(top, 'bin'), at('bin'), { recursive: true });
  await symlink(join(top, 'src'), at('src'));
  await mkdir(at('models/tones'), { recursive: true });
  const configuration = toneConfiguration({ augmentation: unvaried, steps: 4, evaluateEvery: 2 });
  await writeFile(at('models/tones/training.json'), JSON.stringify(configuration));
  await writeToneCorpus(at('corpora/train'), 1, 8);
  await writeToneCorpus(at('corpora/dev'), 2, 4);
  // Four thousand clips of synthetic speech take minutes; that they are left alone is tested too.
  await mkdir(at('.cache/corpora/synthetic'), { recursive: true });
  await writeFile(at('.cache/corpora/synthetic/train.jsonl'), '');
});
afterAll(() => tree.remove());

const trainModel = (...args: string[]) =>
  run('sh', [join(tree.path, 'bin/train-model.sh'), ...args], {
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${path}` },
  });

it('makes a model folder with its card from the configuration and one folder of corpora', {
  timeout,
}, async () => {
  await trainModel('tones', 'corpora', '--seed', '7');
  const folder = join(tree.path, 'models/tones');
  const { manifest } = await loadModelFolder(folder);
  expect(manifest.card?.training).toMatchObject({ steps: expect.any(Number), seed: 7 });
  expect(manifest.card?.errorRates).toMatchObject([
    { set: 'tones', decoder: 'ctc_greedy', clips: 4 },
    { set: 'tones', decoder: 'ctc_beam', clips: 4 },
  ]);
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('tones');
  expect(await readFile(join(tree.path, '.cache/corpora/synthetic/train.jsonl'), 'utf8')).toBe('');
});

it('says how it is used when the corpora are missing, and stops where a step fails', {
  timeout,
}, async () => {
  await expect(trainModel('tones')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('usage: bin/train-model.sh <model> <corpora folder>'),
  });
  await expect(trainModel('tones', 'nowhere')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is in none of the corpora roots'),
  });
});
