import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import { syntheticWaveform } from '../support/recording.ts';
import { writeTinyModel } from '../support/tiny-model.ts';
import { sori, soriHere } from './command-line.ts';
import { type HeardClips, makeHeardClips } from './heard-clips.ts';
import { parseTextGrid } from './textgrid-parser.ts';

let heardClips: HeardClips;
let model: string;
beforeAll(async () => {
  heardClips = await makeHeardClips();
  model = inFolder('both');
  await writeTinyModel(heardClips.folder.path, { name: 'both', hmm: true });
});
afterAll(() => heardClips.folder.remove());

const inFolder = (name: string) => join(heardClips.folder.path, name);
const file = (index: number) => heardClips.clips[index]!.path;

function writeManifest(rows: readonly object[], name = 'manifest.jsonl'): string {
  const path = inFolder(name);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  return path;
}

const align = (...args: readonly string[]) => soriHere(['align', '--model', model, ...args]);

/** The rows of a table of words: word, start, end. */
function times(stdout: string): [string, number, number][] {
  const [, ...rows] = stdout.trimEnd().split('\n');
  return rows.map((row) => {
    const [word, start, end] = row.trim().split(/ {2,}/u);
    return [word!, Number(start), Number(end)];
  });
}

describe('sori align with a recording', () => {
  it('prints the words in their order, with times inside the recording', async () => {
    const { code, stdout, stderr } = await align(file(0), '--text', 'Three  ONE\ttwo');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^word +start +end +score +confidence\n/u);
    const words = times(stdout);
    expect(words.map(([word]) => word)).toEqual(['three', 'one', 'two']);
    const bounds = words.flatMap(([, start, end]) => [start, end]);
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
    expect(bounds[0]).toBeGreaterThanOrEqual(0);
    expect(bounds.at(-1)).toBeLessThanOrEqual(1.5);
  });

  it('prints units and states below each word, which they fill', async () => {
    const { stdout } = await align(file(0), '--text', 'three one', '--states');
    const rows = times(stdout);
    expect(rows.map(([name]) => name)).toEqual(
      ['three', 'one'].flatMap((word) => [word, word, 'state 0', 'state 1', 'state 2']),
    );
    const [word, unit, first, second, third] = rows;
    expect(unit!.slice(1)).toEqual(word!.slice(1));
    expect([first![1], first![2], second![2], third![2]]).toEqual([
      word![1],
      second![1],
      third![1],
      word![2],
    ]);
  });

  it('prints JSON, CTM and TextGrid of the same times', async () => {
    const args = [file(1), '--text', 'five two'];
    const json = JSON.parse((await align(...args, '--json')).stdout);
    expect(json).toMatchObject({ file: file(1), text: 'five two', duration: 2, method: 'hmm' });
    expect(json.words[0].units).toBeUndefined();
    const spans: [number, number, string][] = json.words.map(
      ({ start, end, word }: { start: number; end: number; word: string }) => [start, end, word],
    );
    const ctm = (await align(...args, '--format', 'ctm')).stdout.trimEnd().split('\n');
    const fields = ctm.map((line) => line.split(' '));
    expect(fields.map(([name, channel]) => [name, channel])).toEqual([
      ['clip1', '1'],
      ['clip1', '1'],
    ]);
    for (const [index, [, , start, duration, word]] of fields.entries()) {
      expect(Number(start)).toBeCloseTo(spans[index]![0], 3);
      expect(Number(start) + Number(duration)).toBeCloseTo(spans[index]![1], 3);
      expect(word).toBe(spans[index]![2]);
    }
    const { stdout } = await align(...args, '--format', 'textgrid');
    const [tier] = parseTextGrid(stdout).tiers;
    const spoken = tier!.intervals.filter(([, , word]) => word !== '');
    for (const [index, [start, end, word]] of spoken.entries()) {
      expect(word).toBe(spans[index]![2]);
      expect(start).toBeCloseTo(spans[index]![0], 6);
      expect(end).toBeCloseTo(spans[index]![1], 6);
    }
    expect(tier!.intervals.at(-1)![1]).toBe(2);
  });

  it('prints the labels of each word by CTC, which have no states', async () => {
    const args = ['--text', 'three one', '--method', 'ctc'];
    const { code, stdout } = await align(file(0), ...args, '--states');
    expect(code).toBe(0);
    expect(times(stdout).map(([name]) => name)).toEqual(['three', 'three', 'one', 'one']);
    const json = JSON.parse((await align(file(0), ...args, '--json')).stdout);
    expect(json).toMatchObject({ method: 'ctc', text: 'three one' });
  });

  it('aligns by CTC where the model has no HMM', async () => {
    const args = ['align', '--model', heardClips.model, file(0), '--text', 'three one', '--json'];
    expect(JSON.parse((await soriHere(args)).stdout)).toMatchObject({ method: 'ctc' });
  });

  it('writes to a file, in folders that it makes', async () => {
    const out = inFolder('some/where/clip.TextGrid');
    const args = ['--text', 'one', '--states', '--format', 'textgrid', '--out', out];
    expect(await align(file(3), ...args)).toEqual({ code: 0, stdout: '', stderr: '' });
    const { tiers } = parseTextGrid(readFileSync(out, 'utf8'));
    expect(tiers.map(({ name }) => name)).toEqual(['words', 'units', 'states']);
  });

  it('says which word it does not know, and exits with 1', async () => {
    const { code, stdout, stderr } = await align(file(0), '--text', 'one eleven');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: .*clip0\.wav: .*eleven/u);
  });
});

describe('sori align with a manifest', () => {
  const rows = () => [
    { audio_filepath: 'clip0.wav', duration: 1.5, text: 'one two' },
    { audio_filepath: 'clip1.wav', duration: 2, text: 'three eleven' },
    { audio_filepath: 'clip2.wav', duration: 2.5, text: 'four' },
  ];

  it('prints an object a line, reports what cannot be aligned, and exits with 1', async () => {
    const { code, stdout, stderr } = await align('--manifest', writeManifest(rows()));
    expect(code).toBe(1);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ file, text }) => [file, text])).toEqual([
      [file(0), 'one two'],
      [file(2), 'four'],
    ]);
    expect(stderr).toContain('clips 3/3');
    expect(stderr).toMatch(/^error: .*clip1\.wav: .*eleven/mu);
  });

  it('keeps only clips within the vocabulary when it is asked to', async () => {
    const manifest = writeManifest(rows());
    const out = inFolder('words.ctm');
    const args = ['--manifest', manifest, '--only', 'vocabulary', '--format', 'ctm', '--out', out];
    const { code, stdout } = await align(...args);
    expect([code, stdout]).toEqual([0, '']);
    const words = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name, , , , word]) => [name, word]);
    expect(words).toEqual([
      ['clip0', 'one'],
      ['clip0', 'two'],
      ['clip2', 'four'],
    ]);
  });

  it('writes a TextGrid a clip, and gives parts of a recording its times', async () => {
    const parts = [0.7, 1.5].map((seconds, seed) => syntheticWaveform({ seconds, seed }));
    const samples = Float32Array.from(parts.flatMap((part) => [...part.samples]));
    writeFileSync(inFolder('long.wav'), encodeWav({ sampleRateHz: 8000, samples }));
    const manifest = writeManifest([
      { audio_filepath: 'long.wav', offset: 0.7, duration: 1.5, text: 'one two' },
      { audio_filepath: 'clip3.wav', duration: 1, text: 'zero' },
    ]);
    const out = inFolder('grids');
    const args = ['--manifest', manifest, '--format', 'textgrid', '--out', out];
    expect((await align(...args)).code).toBe(0);
    expect(existsSync(join(out, 'clip3.TextGrid'))).toBe(true);
    const part = parseTextGrid(readFileSync(join(out, 'long-0.7.TextGrid'), 'utf8'));
    expect(part).toMatchObject({ xmin: 0.7, xmax: 2.2 });
    const json = JSON.parse((await align('--manifest', manifest)).stdout.split('\n')[0]!);
    expect(json).toMatchObject({ offset: 0.7, duration: 1.5 });
    expect(json.words[0].start).toBeGreaterThanOrEqual(0.7);
    expect(json.words.at(-1).end).toBeLessThanOrEqual(2.2);
  });

  it('prints how far the words of one method lie from those of another', async () => {
    const manifest = writeManifest(rows());
    const against = ['--manifest', manifest, '--against', 'hmm'];
    const { code, stdout, stderr } = await align(...against, '--method', 'ctc', '--json');
    expect(code).toBe(1);
    const json = JSON.parse(stdout);
    expect(json).toMatchObject({ method: 'ctc', against: 'hmm', clips: 2, words: 3 });
    expect(json.start.mean).toBeGreaterThan(0);
    expect(json.start.largest).toBeLessThanOrEqual(2.5);
    expect(stderr).toMatch(/^error: .*clip1\.wav: .*eleven/mu);
    const itself = await align(...against);
    const [heading, starts, ends, total] = itself.stdout.trimEnd().split('\n');
    expect(heading).toMatch(/^hmm against hmm, ms +mean +median +9 in 10 +most$/u);
    for (const row of [starts, ends]) expect(row).toMatch(/^(?:starts|ends)(?: +0){4}$/u);
    expect(total).toBe('3 words of 2 clips');
  });

  it('stops on Ctrl-C and writes nothing', async () => {
    const row = { audio_filepath: 'clip2.wav', duration: 2.5, text: 'one two' };
    const manifest = writeManifest(Array(1000).fill(row), 'long.jsonl');
    const out = inFolder('stopped.ctm');
    let sent = false;
    const { code, stderr } = await sori(
      ['align', '--model', model, '--manifest', manifest, '--format', 'ctm', '--out', out],
      {
        onStderr: (soFar, child) => {
          if (sent || !soFar.includes('clips ')) return;
          sent = true;
          child.kill('SIGINT');
        },
      },
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopped\n$/u);
    expect(existsSync(out)).toBe(false);
  });
});

describe('sori align called wrongly', () => {
  it.each([
    ['neither recording nor manifest', ['--text', 'one'], 'expected a recording or --manifest'],
    ['both', ['a.wav', '--text', 'one', '--manifest', 'x'], 'one of the two'],
    ['no text', ['a.wav'], 'expected --text'],
    ['an empty text', ['a.wav', '--text', ' '], 'at least one word'],
    ['a text for a manifest', ['--manifest', 'x', '--text', 'one'], 'a manifest has its texts'],
    ['a selection of one', ['a.wav', '--text', 'one', '--only', 'vocabulary'], 'about manifests'],
    ['TextGrids without a folder', ['--manifest', 'x', '--format', 'textgrid'], '--out'],
    ['states in CTM', ['a.wav', '--text', 'a', '--format', 'ctm', '--states'], 'no --states'],
    ['two formats', ['a.wav', '--text', 'a', '--format', 'ctm', '--json'], 'cannot be used with'],
    ['one recording against', ['a.wav', '--text', 'one', '--against', 'hmm'], 'of a manifest'],
    [
      'times and differences',
      ['--manifest', 'x', '--against', 'hmm', '--format', 'ctm'],
      'cannot be used with',
    ],
    ['an unknown method', ['a.wav', '--text', 'one', '--method', 'magic'], 'hmm'],
  ])('exits with 2 for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await align(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('says that a model without an HMM cannot align by one', async () => {
    const args = ['align', '--model', heardClips.model, file(0), '--text', 'one'];
    const { code, stderr } = await soriHere([...args, '--method', 'hmm']);
    expect(code).toBe(1);
    expect(stderr).toContain('method: model tiny has ctc, got hmm');
  });

  it('shows how it is used', async () => {
    const { code, stdout } = await soriHere(['align', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: sori align[\s\S]*Examples:\n {2}\$ sori align /u);
  });
});
