import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/wav.ts';
import type { EvaluationReport } from '../../src/cli/evaluation/evaluate.ts';
import { wordsOf } from '../../src/evaluation/word-error-rate.ts';
import { syntheticWaveform } from '../support/recording.ts';
import { sori, soriHere } from './command-line.ts';
import { type HeardClips, makeHeardClips } from './heard-clips.ts';

let heardClips: HeardClips;
beforeAll(async () => {
  heardClips = await makeHeardClips();
});
afterAll(() => heardClips.folder.remove());

const clip = (index: number) => heardClips.clips[index]!;
const heard = (index: number) => clip(index).heard;
const inFolder = (name: string) => join(heardClips.folder.path, name);

type Row = { clip: number; text: string; speaker?: string; corpus?: string; offset?: number };

let manifests = 0;
function writeManifest(rows: readonly Row[]): string {
  const path = inFolder(`manifest${manifests++}.jsonl`);
  const lines = rows.map(({ clip: index, text, speaker = 'ann', corpus = 'tiny', offset }) =>
    JSON.stringify({
      audio_filepath: clip(index).name,
      duration: clip(index).seconds,
      text,
      speaker,
      corpus,
      ...(offset === undefined ? {} : { offset }),
    }),
  );
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function evaluateJson(args: readonly string[]): Promise<EvaluationReport> {
  const { code, stdout, stderr } = await soriHere([
    'evaluate',
    '--model',
    heardClips.model,
    '--json',
    ...args,
  ]);
  expect({ code, errors: stderr.replace(/^clips \d+\/\d+\n/gmu, '') }).toEqual({
    code: 0,
    errors: '',
  });
  return JSON.parse(stdout) as EvaluationReport;
}

describe('sori evaluate', () => {
  it('finds no error where the text is what the model hears', async () => {
    const manifest = writeManifest([0, 1, 2, 3].map((clip) => ({ clip, text: heard(clip) })));
    const report = await evaluateJson(['--manifest', manifest]);
    const words = [0, 1, 2, 3].flatMap((index) => wordsOf(heard(index))).length;
    expect(report.scores!.total.words).toMatchObject({ errors: 0, hits: words, rate: 0 });
    expect(report.scores!.total.characters.errors).toBe(0);
    expect(report.scores!.total.sentences).toEqual({ sentences: 4, wrong: 0, rate: 0 });
    expect(report.scores!.total.audioMinutes).toBeCloseTo(7 / 60, 6);
    expect(report.wrong).toEqual([]);
  });

  it('counts the edits between what was heard and what was said, by speaker and corpus', async () => {
    const manifest = writeManifest([
      { clip: 0, text: `${heard(0)} eleven` },
      { clip: 1, text: wordsOf(heard(1)).slice(1).join(' '), speaker: 'bob' },
      { clip: 2, text: heard(2).replace(/^\S+/u, 'twelve') },
    ]);
    const other = writeManifest([{ clip: 3, text: heard(3), corpus: 'other' }]);
    const report = await evaluateJson(['--manifest', manifest, '--manifest', other]);
    const { total, speakers, corpora, confusion } = report.scores!;
    expect(total.words).toMatchObject({ deletions: 1, insertions: 1, substitutions: 1, errors: 3 });
    expect(total.sentences).toMatchObject({ sentences: 4, wrong: 3 });
    const errorsByName = (groups: typeof speakers) =>
      Object.fromEntries(groups.map(({ name, words }) => [name, words.errors]));
    expect(errorsByName(corpora)).toEqual({ tiny: 3, other: 0 });
    expect(errorsByName(speakers)).toEqual({ 'tiny/ann': 2, 'tiny/bob': 1, 'other/ann': 0 });
    expect(confusion.cells).toContainEqual({ reference: 'eleven', hypothesis: null, count: 1 });
    expect(confusion.cells).toContainEqual({
      reference: 'twelve',
      hypothesis: wordsOf(heard(2))[0],
      count: 1,
    });
    expect(report.wrong.map(({ audio }) => audio)).toEqual(
      [0, 1, 2].map((index) => clip(index).path),
    );
  });

  it('keeps only clips within the vocabulary when it is asked to', async () => {
    const manifest = writeManifest([
      { clip: 0, text: heard(0) },
      { clip: 1, text: `${heard(1)} eleven` },
      { clip: 2, text: '' },
    ]);
    const report = await evaluateJson(['--manifest', manifest, '--only', 'vocabulary']);
    expect(report.clipsListed).toBe(3);
    expect(report.scores!.total).toMatchObject({ clips: 1, words: { errors: 0 } });
  });

  it('counts false words by the minute, and not those that were said', async () => {
    const [first, ...rest] = wordsOf(heard(1));
    const manifest = writeManifest([
      { clip: 0, text: 'nothing of the kind' },
      { clip: 1, text: `they said ${first} and left` },
    ]);
    const report = await evaluateJson(['--manifest', manifest, '--false-words']);
    const count = wordsOf(heard(0)).length + rest.length;
    expect(report.scores).toBeUndefined();
    expect(report.falseWords).toMatchObject({ clips: 2, count, spoken: 1, found: 1 });
    expect(report.falseWords!.perMinute).toBeCloseTo(count / (3.5 / 60), 6);
    expect(report.falseWords!.byWord.reduce((sum, entry) => sum + entry.count, 0)).toBe(count);
  });

  it('recognises the part of a recording that a row names', async () => {
    const parts = [
      syntheticWaveform({ seconds: 0.7, seed: 9 }),
      syntheticWaveform({ seconds: 1.5, seed: 1 }),
    ];
    const samples = Float32Array.from(parts.flatMap((part) => [...part.samples]));
    writeFileSync(inFolder('long.wav'), encodeWav({ sampleRateHz: 8000, samples }));
    const manifest = inFolder('parts.jsonl');
    const row = { audio_filepath: 'long.wav', offset: 0.7, duration: 1.5, text: heard(0) };
    writeFileSync(manifest, JSON.stringify(row));
    const report = await evaluateJson(['--manifest', manifest]);
    expect(report.scores!.total).toMatchObject({ clips: 1, words: { errors: 0 } });
    expect(report.timing.audioSeconds).toBeCloseTo(1.5, 6);
  });

  it('gives the same scores with one thread and with two', async () => {
    const manifest = writeManifest([0, 1, 2, 3].map((clip) => ({ clip, text: 'one two three' })));
    const [one, two] = [
      await evaluateJson(['--manifest', manifest, '--threads', '1']),
      await evaluateJson(['--manifest', manifest, '--threads', '2']),
    ];
    expect(one.scores).toEqual(two.scores);
    expect(one.wrong).toEqual(two.wrong);
  });

  it('prints tables for people, and the wrong clips when asked', async () => {
    const manifest = writeManifest([
      { clip: 0, text: `${heard(0)} eleven` },
      { clip: 1, text: heard(1), speaker: 'bob' },
    ]);
    const args = ['evaluate', '--model', heardClips.model, '--manifest', manifest, '--list-wrong'];
    const { code, stdout } = await soriHere(args);
    expect(code).toBe(0);
    const words = wordsOf(heard(0)).length + wordsOf(heard(1)).length + 1;
    const rate = ((100 * 1) / words).toFixed(2);
    expect(stdout).toMatch(new RegExp(`^tiny +2 +0.1 +${words} +${rate} % +0 +1 +0 `, 'mu'));
    expect(stdout).toMatch(/^tiny\/bob +1 .* 0\.00 %$/mu);
    expect(stdout).toMatch(/^said ↓ recognised → .*\(deleted\)$/mu);
    expect(stdout).toMatch(/^eleven +.* 1$/mu);
    expect(stdout).toContain(`  said        ${heard(0)} eleven\n  recognised  ${heard(0)}`);
    expect(stdout).toMatch(/real-time factor of one thread \d/u);
  });

  it('leaves no clip out in silence: names those that cannot be recognised and fails', async () => {
    const manifest = inFolder('broken.jsonl');
    writeFileSync(inFolder('text.wav'), 'no audio at all');
    const rows = ['clip0.wav', 'text.wav', 'missing.wav'].map((file) =>
      JSON.stringify({ audio_filepath: file, duration: 1, text: 'one' }),
    );
    writeFileSync(manifest, rows.join('\n'));
    const { code, stdout, stderr } = await soriHere([
      ...['evaluate', '--model', heardClips.model],
      ...['--manifest', manifest],
    ]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('2 of 3 clips cannot be recognised');
    expect(stderr).toContain(inFolder('text.wav'));
    expect(stderr).toContain(inFolder('missing.wav'));
  });

  it('names the manifest and line that are wrong, and a model that is not there', async () => {
    const manifest = inFolder('malformed.jsonl');
    writeFileSync(manifest, '{"audio_filepath": "clip0.wav"}\n');
    const malformed = await soriHere([
      'evaluate',
      '--model',
      heardClips.model,
      '--manifest',
      manifest,
    ]);
    expect(malformed.code).toBe(1);
    expect(malformed.stderr).toContain(`${manifest}:1: duration`);
    const missing = await soriHere([
      'evaluate',
      '--model',
      heardClips.model,
      '--manifest',
      'nowhere.jsonl',
    ]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('nowhere.jsonl: cannot be read');
  });

  it('has nothing to say of no clips', async () => {
    const manifest = writeManifest([{ clip: 0, text: 'eleven' }]);
    const args = [
      'evaluate',
      '--model',
      heardClips.model,
      '--manifest',
      manifest,
      '--only',
      'vocabulary',
    ];
    const { code, stderr } = await soriHere(args);
    expect(code).toBe(1);
    expect(stderr).toContain('none of the 1 clips');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops on %s with exit code %i and no half report', async (signal, exitCode) => {
    const rows = Array.from({ length: 5000 }, () => ({ clip: 2, text: 'one' }));
    const manifest = writeManifest(rows);
    let sent = false;
    const { code, stdout, stderr } = await sori(
      ['evaluate', '--model', heardClips.model, '--manifest', manifest, '--threads', '2', '--json'],
      {
        onStderr: (soFar, child) => {
          if (sent || !soFar.includes('clips ')) return;
          sent = true;
          child.kill(signal);
        },
      },
    );
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    expect(stderr).toMatch(/stopped\n$/u);
  });
});

describe('sori prepare', () => {
  it('turns a LibriSpeech folder with FLAC recordings into a manifest that evaluate reads', async () => {
    const source = inFolder('LibriSpeech');
    const chapter = join(source, 'dev-clean', '84', '121');
    const flac = readFileSync(new URL('../fixtures/audio/mono-16bit.flac', import.meta.url));
    mkdirSync(chapter, { recursive: true });
    writeFileSync(join(chapter, '84-121-0000.flac'), flac);
    writeFileSync(join(chapter, '84-121.trans.txt'), '84-121-0000 GO ON\n');
    const out = inFolder('prepared');
    const prepared = await soriHere(['prepare', 'librispeech', '--source', source, '--out', out]);
    expect(prepared.code).toBe(0);
    expect(prepared.stdout).toBe('dev.jsonl: 1 clips, 0.00 h\n');
    const report = await evaluateJson(['--manifest', join(out, 'dev.jsonl'), '--false-words']);
    expect(report.falseWords).toMatchObject({ clips: 1, spoken: 0 });
  });
});
