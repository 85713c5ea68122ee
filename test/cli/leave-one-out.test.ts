import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/training/checkpoint.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/tiny-model.ts';
import { toneConfiguration, unvaried, writeToneCorpus } from '../training/tones.ts';
import { soriHere } from './command-line.ts';

const workingDirectory = process.cwd();
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  process.chdir(folder.path);
  await writeToneCorpus('corpora/train', 1, 30, ['anna', 'ben', 'cleo']);
  await writeToneCorpus('corpora/dev', 2, 6, ['dora']);
  const configuration = toneConfiguration({ augmentation: unvaried, steps: 4, evaluateEvery: 2 });
  await writeFile('tones.json', JSON.stringify(configuration));
});
afterAll(async () => {
  process.chdir(workingDirectory);
  await folder.remove();
});

const command = ['leave-one-out', 'tones.json', '--corpora', 'corpora', '--of', 'train', '--json'];

describe('sori leave-one-out', () => {
  it('trains without each speaker and measures on that one, and takes up what was done', async () => {
    const first = await soriHere([...command, '--speakers', 'ben']);
    expect(first.code).toBe(0);
    const { folds } = JSON.parse(first.stdout);
    expect(folds).toEqual([expect.objectContaining({ speaker: 'ben', clips: 10 })]);

    const checkpoint = join('runs/leave-one-out', 'tones-without-ben', 'checkpoint.bin');
    const { seconds } = await readCheckpoint(checkpoint);
    const all = await soriHere(command);
    expect(all.code).toBe(0);
    const result = JSON.parse(all.stdout);
    expect(result.folds.map(({ speaker }: { speaker: string }) => speaker)).toEqual([
      'anna',
      'ben',
      'cleo',
    ]);
    expect(result.folds[1]).toEqual(folds[0]);
    expect(result.total).toMatchObject({ speaker: 'all', clips: 30 });
    expect((await readCheckpoint(checkpoint)).seconds).toBe(seconds);
  });

  it('lets every fold begin with what was learnt without the corpus', async () => {
    await writeToneCorpus('corpora/more', 3, 20, ['eve']);
    const pools = [{ manifest: 'train/manifest.jsonl' }, { manifest: 'more/manifest.jsonl' }];
    const data = { sources: [{ name: 'tones', kind: 'utterances', weight: 1, pools }] };
    const change = { data, augmentation: unvaried, steps: 2, evaluateEvery: 2 };
    await writeFile('shared.json', JSON.stringify(toneConfiguration(change)));
    const args = [
      'leave-one-out',
      'shared.json',
      '--corpora',
      'corpora',
      '--of',
      'train',
      '--json',
    ];
    const run = ['--run', 'runs/shared', '--speakers', 'ben,cleo', '--shared-steps', '60'];
    const { code, stdout } = await soriHere([...args, ...run]);
    expect(code).toBe(0);
    const shared = await readCheckpoint('runs/shared/tones-without-train/checkpoint.bin');
    expect(shared.step).toBe(60);
    const fold = await readCheckpoint('runs/shared/tones-without-ben/checkpoint.bin');
    expect(fold.step).toBe(2);
    expect(fold.normalisation).toEqual(shared.normalisation);
    const moved = fold.vectors['parameters']!.map((weight, index) =>
      Math.abs(weight - shared.vectors['best']![index]!),
    );
    expect(Math.max(...moved)).toBeLessThan(0.05);
    expect(JSON.parse(stdout).total.clips).toBe(20);
  });

  it.each([
    ['a corpus that is not there', ['--of', 'nowhere'], /--of nowhere/],
    ['a speaker who is not there', ['--speakers', 'zoe'], /nobody in train is zoe/],
  ])('refuses %s', async (_, flags, message) => {
    const { code, stderr } = await soriHere([...command, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
