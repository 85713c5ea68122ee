import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EvaluationReport } from '../../src/cli/evaluation/evaluate.ts';
import { renderModelCard } from '../../src/cli/model-card/render.ts';
import { wordsOf } from '../../src/evaluation/word-error-rate.ts';
import { loadModelFolder } from '../../src/recognition/model-folder.ts';
import {
  type MeasuredErrorRate,
  type ModelCard,
  type ModelManifest,
  modelManifestSchema,
} from '../../src/recognition/model-manifest.ts';
import { soriHere } from './command-line.ts';
import { type HeardClips, makeHeardClips } from './heard-clips.ts';
import { fullCard } from './model-card/cards.ts';

const workingDirectory = process.cwd();
let heardClips: HeardClips;
let words: string[][];
let bare: ModelManifest;

beforeAll(async () => {
  heardClips = await makeHeardClips();
  words = heardClips.clips.map(({ heard }) => wordsOf(heard));
  ({ manifest: bare } = await loadModelFolder(heardClips.model));
  // Paths below the working directory are shown as they are, so that commands of the card run here.
  process.chdir(heardClips.folder.path);
  await mkdir('corpora');
  // Of the first set's three clips one is right, one has a word too many and one a word too few.
  await writeManifest('spoken', [
    heardClips.clips[0]!.heard,
    words[1]!.slice(1).join(' '),
    `${heardClips.clips[2]!.heard} two`,
    'something else',
  ]);
  await writeManifest('silent', ['', '', '', '']);
  await writeManifest('books', ['it was', 'the best', 'of all', 'times']);
});
afterAll(async () => {
  process.chdir(workingDirectory);
  await heardClips.folder.remove();
});
beforeEach(() => writeModel({ ...fullCard, errorRates: [] }));

async function writeManifest(name: string, texts: readonly string[]): Promise<void> {
  const rows = heardClips.clips.map(({ name: file, seconds }, index) =>
    JSON.stringify({
      audio_filepath: `../${file}`,
      duration: seconds,
      text: texts[index],
      speaker: 'ann',
    }),
  );
  await writeFile(join('corpora', `${name}.jsonl`), `${rows.join('\n')}\n`);
}

async function writeModel(card: ModelCard | undefined): Promise<void> {
  const manifest = card === undefined ? bare : { ...bare, card };
  await writeFile('tiny/model.json', JSON.stringify(manifest));
}

const readModel = async (): Promise<ModelManifest> =>
  modelManifestSchema.parse(JSON.parse(await readFile('tiny/model.json', 'utf8')));

async function writeConfiguration(
  devSets: readonly object[],
  path = 'tiny/training.json',
  labels: readonly string[] = bare.alphabet.labels,
): Promise<void> {
  const configuration = {
    name: 'tiny',
    language: 'en',
    description: 'Random weights, for tests',
    architecture: {},
    features: bare.features,
    alphabet: { ...bare.alphabet, labels },
    data: { sources: [{ name: 'noise', kind: 'background', weight: 1 }] },
    steps: 1,
    devSets,
    corpora: [],
  };
  await writeFile(path, JSON.stringify(configuration));
}

const sets = [
  { name: 'spoken', manifest: 'spoken.jsonl', text: 'inside', goal: 0.5 },
  { name: 'books', manifest: 'books.jsonl', score: 'falseWords', weight: 0, goal: 1 },
  { name: 'short', manifest: 'spoken.jsonl', text: 'inside', maxSeconds: 1.5 },
];

async function card(...args: string[]): Promise<{ errorRates: MeasuredErrorRate[] }> {
  const { code, stdout, stderr } = await soriHere(['card', 'tiny', '--json', ...args]);
  expect({ code, errors: stderr.replace(/^\w+ \d+\/\d+\n/gmu, '') }).toEqual({
    code: 0,
    errors: '',
  });
  return JSON.parse(stdout) as { errorRates: MeasuredErrorRate[] };
}

describe('sori card', () => {
  it('measures every dev set and writes the rates into model.json and README.md', async () => {
    await writeConfiguration(sets);
    const { errorRates } = await card('--corpora', 'corpora');
    const count = words[0]!.length + words[1]!.length - 1 + words[2]!.length + 1;
    const [spoken, books, short] = errorRates;
    expect(spoken).toMatchObject({
      set: 'spoken',
      clips: 3,
      minutes: 0.1,
      words: count,
      wordErrorRate: 2 / count,
      substitutions: 0,
      deletions: 1,
      insertions: 1,
      sentenceErrorRate: 2 / 3,
      goal: 0.5,
      choseWeights: true,
      decoder: 'ctc_greedy',
    });
    const all = words.flat().length;
    expect(books).toMatchObject({
      set: 'books',
      clips: 4,
      falseWords: all,
      choseWeights: false,
      goal: 1,
    });
    expect((books as { falseWordsPerMinute: number }).falseWordsPerMinute).toBeCloseTo(
      all / (7 / 60),
      6,
    );
    expect(short).toMatchObject({ clips: 1, wordErrorRate: 0 });
    expect(short).not.toHaveProperty('goal');

    const manifest = await readModel();
    expect(manifest).toEqual({ ...bare, card: { ...fullCard, errorRates } });
    expect(await readFile('tiny/README.md', 'utf8')).toBe(renderModelCard(manifest));
    expect((await readdir('tiny')).sort()).toEqual([
      ...['README.md', 'ctc.onnx', 'model.json', 'training.json'],
    ]);
  });

  it('names for each rate a command that measures it anew', async () => {
    await writeConfiguration(sets);
    const { errorRates } = await card('--corpora', 'corpora');
    const reports: EvaluationReport[] = [];
    for (const { command } of errorRates.slice(0, 2)) {
      const [program, ...args] = command.split(' ');
      expect([program, args[0]]).toEqual(['sori', 'evaluate']);
      reports.push(JSON.parse((await soriHere([...args, '--json'])).stdout) as EvaluationReport);
    }
    expect(reports[0]!.scores!.total.words.rate).toBe(
      (errorRates[0] as { wordErrorRate: number }).wordErrorRate,
    );
    expect(reports[1]!.falseWords!.count).toBe(
      (errorRates[1] as { falseWords: number }).falseWords,
    );
    expect(errorRates[2]!.command).toBe('sori card tiny --corpora corpora');
  });

  it('takes the dev sets from another configuration, and replaces older rates', async () => {
    await writeModel(fullCard);
    await writeConfiguration([sets[2]!], 'other.json');
    await card('--corpora', 'corpora', '--configuration', 'other.json');
    const { card: written } = await readModel();
    expect(written!.errorRates.map(({ set, decoder }) => [set, decoder])).toEqual([
      ['short', 'ctc_greedy'],
      ['short', 'ctc_beam'],
    ]);
    expect(written!.notes).toEqual(fullCard.notes);
  });

  it('only renders without corpora', async () => {
    await writeModel(fullCard);
    const before = await readFile('tiny/model.json', 'utf8');
    const { code, stdout } = await soriHere(['card', 'tiny']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tones +ctc_greedy +100 +4\.0 +400 +3\.00 % +≤ 3 % +yes$/mu);
    expect(stdout).toMatch(/^books +ctc_greedy +176 +36\.0 +0\.50 a minute$/mu);
    expect(await readFile('tiny/model.json', 'utf8')).toBe(before);
    expect(await readFile('tiny/README.md', 'utf8')).toBe(renderModelCard(await readModel()));
  });

  it.each([
    ['a configuration with other labels', 2, /not of this model/u, ['--corpora', 'corpora']],
    ['no corpora to measure on', 2, /needs --corpora/u, ['--configuration', 'other.json']],
    ['no configuration', 2, /ENOENT/u, ['--corpora', '.', '--configuration', 'none.json']],
  ])('refuses %s', async (_, expected, message, args) => {
    await writeConfiguration(sets, 'tiny/training.json', ['<blank>', '<other>', 'four']);
    const { code, stderr } = await soriHere(['card', 'tiny', ...args]);
    expect([code, stderr]).toEqual([expected, expect.stringMatching(message)]);
  });

  it.each([
    ['in none of the corpora', { name: 'x', manifest: 'none.jsonl' }, /none of the corpora roots/u],
    ['empty', { ...sets[0], minWords: 99 }, /no clip of .* is in dev set spoken/u],
    ['without words', { name: 'x', manifest: 'silent.jsonl' }, /dev set x has a word/u],
  ])('leaves the card as it is when a dev set is %s', async (_, set, message) => {
    await writeConfiguration([sets[2]!, set]);
    const before = await readFile('tiny/model.json', 'utf8');
    const { code, stderr } = await soriHere(['card', 'tiny', '--corpora', 'corpora']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(await readFile('tiny/model.json', 'utf8')).toBe(before);
  });

  it('does not make up a card for a model that has none', async () => {
    await writeConfiguration(sets);
    await writeModel(undefined);
    const { code, stderr } = await soriHere(['card', 'tiny', '--corpora', 'corpora']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/model\.json has no card/u)]);
  });
});
