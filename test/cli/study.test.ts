import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStudy } from '../../src/cli/study/run.ts';
import { studyNames } from '../../src/studies/registry.ts';
import type { StudyReport } from '../../src/studies/study.ts';
import { writeWhole } from '../../src/training/write-whole.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/tiny-model.ts';
import { soriHere } from './command-line.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe('sori study', () => {
  it('runs a study, prints its results and writes them with plots in both formats', async () => {
    const out = join(folder.path, 'lags');
    const args = ['study', 'lags', '--quick', '--seed', '7', '--json', '--out', out];
    const { code, stdout, stderr } = await soriHere(args);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as StudyReport;
    expect(report).toMatchObject({ study: 'lags', seed: 7, quick: true });
    expect(report.command).toBe('sori study lags --seed 7 --quick');
    expect(report.claims.length).toBeGreaterThan(2);
    expect(JSON.parse(await readFile(join(out, 'lags.json'), 'utf8'))).toEqual(report);
    expect((await readdir(out)).sort()).toEqual(['lags-lags.png', 'lags-lags.svg', 'lags.json']);
    expect(await readFile(join(out, 'lags-lags.svg'), 'utf8')).toMatch(/^<svg.*<\/svg>\s*$/su);
    const png = await readFile(join(out, 'lags-lags.png'));
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect(stderr).toMatch(/^study lags \d+\/35$/mu);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const out = join(folder.path, 'stopped');
    const controller = new AbortController();
    controller.abort(new Error('stopped here'));
    const { signal } = controller;
    const options = { seed: 1, quick: true, corpora: [], png: false, resume: false, out, signal };
    for (const name of studyNames) {
      await expect(runStudy(name, options), name).rejects.toThrow('stopped here');
    }
    await expect(readdir(out)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['an unknown study', ['study', 'astrology'], "unknown command 'astrology'"],
    ['a seed that is no number', ['study', 'rtrl', '--seed', 'x'], 'a whole number from 0'],
    ['pages of an unknown study', ['study', 'pages', 'astrology'], 'expected studies of rtrl,'],
  ])('exits with 2 for %s', async (_, args, message) => {
    const { code, stderr } = await soriHere(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('sori study pages', () => {
  it('writes a page in each language from templates and results', async () => {
    const docs = join(folder.path, 'docs');
    const report: StudyReport = {
      study: 'ctc',
      command: 'sori study ctc',
      seed: 1,
      quick: false,
      date: '2026-01-31',
      machine: { processor: 'a processor', cores: 2, node: 'v24' },
      seconds: 5,
      claims: [
        { name: 'first', statement: 'One.', holds: true, measured: '1 of 1' },
        { name: 'second', statement: 'Two.', holds: false, measured: '1 of 2' },
      ],
      findings: { width: 0.25 },
    };
    const template =
      'w {{width | fixed 1}} {{verdict.first}} {{verdict.second}} {{evidence.second}}\n';
    await writeWhole(join(docs, 'results/ctc.json'), JSON.stringify(report));
    await writeWhole(join(docs, 'templates/ctc.en.md'), template);
    await writeFile(join(docs, 'templates/ctc.ko.md'), template);
    const { code, stdout } = await soriHere(['study', 'pages', 'ctc', '--docs', docs]);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([join(docs, 'ctc.md'), join(docs, 'ctc.ko.md')]);
    const page = async (file: string) => (await readFile(join(docs, file), 'utf8')).split('\n')[1];
    expect(await page('ctc.md')).toBe('w 0.3 **holds** **does not hold** 1 of 2');
    expect(await page('ctc.ko.md')).toBe('w 0.3 **성립한다** **성립하지 않는다** 1 of 2');
  });
});
