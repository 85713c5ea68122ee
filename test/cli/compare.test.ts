import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CorpusComparison } from '../../src/cli/compare/measure.ts';
import { wordsOf } from '../../src/evaluation/word-error-rate.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import { Recognizer } from '../../src/recognition/recognizer.ts';
import { writeTinyModel } from '../support/tiny-model.ts';
import { sori, soriHere } from './command-line.ts';
import { type HeardClips, makeHeardClips } from './heard-clips.ts';

let heardClips: HeardClips;
let model: string;
/** What the HMM hears in each clip; what CTC does is in the clips. */
let heardByHmm: string[];
beforeAll(async () => {
  heardClips = await makeHeardClips();
  model = inFolder('both');
  await writeTinyModel(heardClips.folder.path, { name: 'both', hmm: true });
  const recognizer = await Recognizer.load(await loadModelFolder(model));
  heardByHmm = [];
  for (const { path } of heardClips.clips) {
    const how = { decoder: 'hmm', maxSeconds: 10 } as const;
    const recognition = await recognizer.recognizeRecording(readFileSync(path), how);
    heardByHmm.push(recognition.hypotheses[0].text);
  }
});
afterAll(() => heardClips.folder.remove());

const inFolder = (name: string) => join(heardClips.folder.path, name);
const file = (index: number) => heardClips.clips[index]!.path;
const heardByCtc = (index: number) => heardClips.clips[index]!.heard;

function writeManifest(rows: readonly { clip: number; text: string; corpus?: string }[]): string {
  const path = inFolder('manifest.jsonl');
  const lines = rows.map(({ clip, text, corpus = 'tiny' }) => {
    const { name, seconds } = heardClips.clips[clip]!;
    return JSON.stringify({
      audio_filepath: name,
      duration: seconds,
      text,
      speaker: 'ann',
      corpus,
    });
  });
  writeFileSync(path, lines.join('\n'));
  return path;
}

async function compareJson(...args: readonly string[]): Promise<CorpusComparison> {
  const { code, stdout } = await soriHere([
    'compare',
    '--model',
    model,
    '--decoders',
    'ctc_greedy,hmm',
    '--json',
    ...args,
  ]);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('sori compare with recordings', () => {
  it('shows both texts, words beside each other, scores and times', async () => {
    const { code, stdout, stderr } = await soriHere([
      'compare',
      file(0),
      '--model',
      model,
      '--decoders',
      'ctc_greedy,hmm',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/clip0\.wav: 1\.50 s, agreement \d+\.\d\d %\n/u);
    expect(stdout).toContain(`\nctc_greedy  ${heardByCtc(0)}\n`);
    expect(stdout).toContain(`\nhmm         ${heardByHmm[0]}\n`);
    expect(stdout).toMatch(/^ctc_greedy +seconds +confidence +hmm +seconds +confidence$/mu);
    expect(stdout).toMatch(/^(?:\w+ +\d\.\d\d–\d\.\d\d +[01]\.\d{3}|·) +[=≠] /mu);
    expect(stdout).toMatch(/^hmm +[01]\.\d{3} +-\d+\.\d\d +acoustic -\d+\.\d\d, /mu);
    expect(stdout).toMatch(/^ms +audio +features +inference +search +all$/mu);
    expect(stdout).not.toContain('WER');
  });

  it('lists the edits of both where it knows what was said', async () => {
    const [first, ...rest] = wordsOf(heardByCtc(1));
    const args = ['--reference', ['eleven', first, ...rest].join(' ').toUpperCase()];
    const { stdout } = await soriHere([
      'compare',
      file(1),
      '--model',
      model,
      '--decoders',
      'ctc_greedy,hmm',
      ...args,
    ]);
    const words = rest.length + 2;
    const rate = (100 / words).toFixed(2);
    expect(stdout).toMatch(
      new RegExp(`^ctc_greedy +${rate} % +0 +1 +0 +\\d+\\.\\d\\d % +eleven → ·$`, 'mu'),
    );
  });

  it('prints a JSON object a file with the names of the HTTP service', async () => {
    const args = [
      'compare',
      '--json',
      file(2),
      file(3),
      '--model',
      model,
      '--decoders',
      'ctc_greedy,hmm',
    ];
    const { code, stdout } = await soriHere(args);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(answers.map(({ file }) => file)).toEqual([file(2), file(3)]);
    const [{ duration, decoders, alignments, agreement, timings }] = answers;
    expect(duration).toBe(2.5);
    expect(decoders.map(({ text }: { text: string }) => text)).toEqual([
      heardByCtc(2),
      heardByHmm[2],
    ]);
    for (const { score, score_parts, words } of decoders) {
      const parts: number[] = Object.values(score_parts);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 3);
      expect(words[0].end).toBeGreaterThan(words[0].start);
    }
    expect(alignments[0].between).toEqual(['ctc_greedy', 'hmm']);
    const column = (side: 'a' | 'b') =>
      alignments[0].words.flatMap((pair: Record<string, { word: string } | null>) =>
        pair[side] === null ? [] : [pair[side]!.word],
      );
    expect(column('a').join(' ')).toBe(heardByCtc(2));
    expect(column('b').join(' ')).toBe(heardByHmm[2]);
    const same = alignments[0].words.filter((pair: { same: boolean }) => pair.same).length;
    expect(agreement).toBeCloseTo(same / alignments[0].words.length, 12);
    expect(timings.audio_ms).toBeGreaterThan(0);
  });

  it('reports a file that is no audio, does the others, and exits with 1', async () => {
    writeFileSync(inFolder('bad.wav'), 'no audio at all');
    const args = [
      'compare',
      inFolder('bad.wav'),
      file(0),
      '--model',
      model,
      '--decoders',
      'ctc_greedy,hmm',
    ];
    const { code, stdout, stderr } = await soriHere(args);
    expect(code).toBe(1);
    expect(stdout).toContain(heardByHmm[0]);
    expect(stderr).toMatch(/^error: .*bad\.wav: /u);
    const json = await soriHere([...args, '--json']);
    expect(JSON.parse(json.stdout.split('\n')[0]!)).toMatchObject({
      file: inFolder('bad.wav'),
      error: { code: 'undecodable_audio' },
    });
  });
});

describe('sori compare with manifests', () => {
  it('counts the errors of each, and names those that only one makes', async () => {
    const manifest = writeManifest([
      { clip: 0, text: heardByCtc(0) },
      { clip: 1, text: heardByHmm[1]!, corpus: 'other' },
    ]);
    const { decoders, pairs, differing, ...report } = await compareJson('--manifest', manifest);
    expect(report).toMatchObject({ model: 'both', clips: 2, clipsListed: 2, audioSeconds: 3.5 });
    const [ctc, hmm] = decoders;
    const errors = (decoder: typeof ctc) =>
      decoder!.scores!.corpora.map(({ name, words }) => [name, words.errors > 0]);
    expect(errors(ctc)).toEqual([
      ['tiny', false],
      ['other', true],
    ]);
    expect(errors(hmm)).toEqual([
      ['tiny', true],
      ['other', false],
    ]);
    const [{ between, total, corpora, onlyFirst, onlySecond }] = pairs as [(typeof pairs)[0]];
    expect(between).toEqual(['ctc_greedy', 'hmm']);
    expect(total).toMatchObject({ clips: 2, sameText: 0, shared: 0 });
    expect(onlyFirst).toHaveLength(ctc!.scores!.total.words.errors);
    expect(onlySecond).toHaveLength(hmm!.scores!.total.words.errors);
    expect(new Set(onlyFirst.map(({ clip }) => clip.split('/').at(-1)))).toEqual(
      new Set(['clip1.wav']),
    );
    expect(corpora.map(({ name, onlyFirst }) => [name, onlyFirst > 0])).toEqual([
      ['tiny', false],
      ['other', true],
    ]);
    expect(differing.map(({ reference, texts }) => [reference, ...texts])).toEqual([
      [heardByCtc(0), heardByCtc(0), heardByHmm[0]],
      [heardByHmm[1], heardByCtc(1), heardByHmm[1]],
    ]);
    for (const { timing, confidence } of decoders) {
      const { audio, features, inference, search } = timing.stageSeconds;
      expect(audio! + features! + inference! + search!).toBeCloseTo(timing.workSeconds, 9);
      expect(confidence.right).toHaveLength(20);
    }
  });

  it('takes the decoders that are named in the order in which they are', async () => {
    const manifest = writeManifest([{ clip: 0, text: heardByCtc(0) }]);
    const { pairs } = await compareJson('--manifest', manifest, '--decoders', 'hmm,ctc_greedy');
    expect(pairs[0]!.between).toEqual(['hmm', 'ctc_greedy']);
    expect(pairs[0]!.onlySecond).toEqual([]);
  });

  it('keeps only clips within the vocabulary when it is asked to', async () => {
    const manifest = writeManifest([
      { clip: 0, text: 'one two' },
      { clip: 1, text: 'one eleven' },
    ]);
    const report = await compareJson('--manifest', manifest, '--only', 'vocabulary');
    expect(report).toMatchObject({ clips: 1, clipsListed: 2 });
  });

  it('counts false words of each in speech outside the vocabulary', async () => {
    const manifest = writeManifest([{ clip: 0, text: 'nothing of the kind' }]);
    const { decoders, pairs } = await compareJson('--manifest', manifest, '--false-words');
    const counts = [heardByCtc(0), heardByHmm[0]!].map((text) => wordsOf(text).length);
    expect(decoders.map(({ falseWords }) => falseWords!.at(-1)!.count)).toEqual(counts);
    const { onlyFirst, onlySecond, shared, significance } = pairs[0]!.total;
    expect([onlyFirst + shared, onlySecond + shared]).toEqual(counts);
    expect(significance).toMatchObject({ segments: 1, meanDifference: counts[0]! - counts[1]! });
  });

  it('prints tables for people and writes a page', async () => {
    const manifest = writeManifest([
      { clip: 0, text: heardByCtc(0) },
      { clip: 1, text: heardByCtc(1), corpus: '<b>other</b>' },
    ]);
    const page = inFolder('report.html');
    const args = [
      'compare',
      '--model',
      model,
      '--decoders',
      'ctc_greedy,hmm',
      '--manifest',
      manifest,
      '--report',
      page,
    ];
    const { code, stdout, stderr } = await soriHere(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^set +decoder +clips +minutes +words +WER +sub +del +ins +CER +SER$/mu);
    expect(stdout).toMatch(/^all +ctc_greedy +2 +0\.1 +\d+ +0\.00 % +0 +0 +0 /mu);
    expect(stdout).toMatch(/^all +hmm +2 /mu);
    expect(stdout).toMatch(/^set +agreement +same text +only ctc_greedy +only hmm +both /mu);
    expect(stdout).toMatch(/^errors that only hmm makes, ctc_greedy does not:\n {2}.*clip0\.wav/mu);
    expect(stdout).not.toContain('errors that only ctc_greedy makes');
    expect(stdout).toMatch(/^real-time factor +audio +features +inference +search +all /mu);
    expect(stderr).toContain('clips 2/2');
    const markup = readFileSync(page, 'utf8');
    expect(markup).toMatch(/^<!doctype html>/u);
    expect(markup).toContain('&lt;b&gt;other&lt;/b&gt;');
    expect(markup).not.toContain('<b>other');
  });

  it('compares nothing with one decoder, and says what the model has', async () => {
    const manifest = writeManifest([{ clip: 0, text: 'one' }]);
    const one = ['--model', heardClips.model, '--decoders', 'ctc_greedy'];
    const alone = await soriHere(['compare', '--manifest', manifest, ...one]);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toContain('model tiny has ctc_greedy, ctc_beam');
    const named = ['--decoders', 'hmm,hmm'];
    const twice = await soriHere([
      'compare',
      file(0),
      '--model',
      model,
      '--decoders',
      'ctc_greedy,hmm',
      ...named,
    ]);
    expect([twice.code, twice.stdout]).toEqual([2, '']);
  });

  it('does not begin to measure where its page has no folder to go to', async () => {
    const manifest = writeManifest([{ clip: 0, text: 'one' }]);
    const args = ['--manifest', manifest, '--report', inFolder('no/such/report.html')];
    const { code, stdout, stderr } = await soriHere([
      'compare',
      '--model',
      model,
      '--decoders',
      'ctc_greedy,hmm',
      ...args,
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--report');
    expect(stderr).not.toContain('clips');
  });

  it('stops on Ctrl-C with no half report', async () => {
    const manifest = writeManifest(Array.from({ length: 1000 }, () => ({ clip: 2, text: 'one' })));
    let sent = false;
    const page = inFolder('stopped.html');
    const { code, stdout, stderr } = await sori(
      [
        'compare',
        '--model',
        model,
        '--decoders',
        'ctc_greedy,hmm',
        '--manifest',
        manifest,
        '--json',
        '--report',
        page,
      ],
      {
        onStderr: (soFar, child) => {
          if (sent || !soFar.includes('clips ')) return;
          sent = true;
          child.kill('SIGINT');
        },
      },
    );
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/stopped\n$/u);
    expect(() => readFileSync(page)).toThrow('ENOENT');
  });
});

describe('sori compare called wrongly', () => {
  it.each([
    ['neither recordings nor manifest', [], 'expected recordings or --manifest'],
    ['both', ['a.wav', '--manifest', 'x.jsonl'], 'one of the two'],
    ['a reference for two', ['a.wav', 'b.wav', '--reference', 'one'], 'name one'],
    ['a page about recordings', ['a.wav', '--report', 'x.html'], '--report is about manifests'],
    ['a selection of recordings', ['a.wav', '--only', 'vocabulary'], '--only is about manifests'],
    [
      'flags that contradict each other',
      ['--manifest', 'x', '--false-words', '--only', 'vocabulary'],
      'no --only vocabulary',
    ],
    ['an unknown decoder', ['a.wav', '--decoders', 'ctc_greedy,magic'], 'got magic'],
  ])('exits with 2 for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await soriHere([
      'compare',
      '--model',
      model,
      '--decoders',
      'ctc_greedy,hmm',
      ...args,
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('shows how it is used', async () => {
    const { code, stdout } = await soriHere(['compare', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: sori compare[\s\S]*Examples:\n {2}\$ sori compare /u);
  });
});
