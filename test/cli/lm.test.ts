import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { randomText } from '../language/ngram/made-up-models.ts';
import { soriHere } from './command-line.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sori-lm-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);
function write(name: string, content: string | Uint8Array): string {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
}

const words = Array.from({ length: 60 }, (_, word) => `w${word}`);
const sentences = randomText(new Random(9), 200, words);
const text = sentences.map((sentence) => `${sentence.join(' ')}\n`).join('');

const lm = (...args: readonly string[]) => soriHere(['lm', ...args]);
async function json(...args: readonly string[]) {
  const { code, stdout, stderr } = await lm(...args, '--json');
  expect([code, stderr.replace(/^bytes .*\n/gmu, '')]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('sori lm estimate', () => {
  it('writes a model whose probabilities add up to one, and says what it counted', async () => {
    const [source, out] = [write('text.txt', text), inFolder('model.arpa.gz')];
    const { code, stdout, stderr } = await lm('estimate', source, '--out', out);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^bytes \d+\/\d+\n/u);
    const spoken = sentences.filter((sentence) => sentence.length > 0);
    expect(stdout).toContain(`${spoken.length} sentences of ${spoken.flat().length} words, 0 of`);
    expect(stdout).toMatch(/^order +n-grams +discounts +once +twice +more\n1 +63 +modified/mu);
    const info = await json('info', out, '--check');
    expect(info).toMatchObject({ order: 3, words: 60, has_unknown: true });
    expect(info.largest_deviation).toBeLessThan(1e-6);
  });

  it('writes the same bytes from text, gzip and a manifest, whatever their case', async () => {
    const rows = sentences.map((sentence) => ({
      audio_filepath: 'a.wav',
      duration: 1,
      text: sentence.join(' '),
    }));
    const sources = [
      write('text.txt', text.toUpperCase()),
      write('text.gz', gzipSync(text)),
      write('manifest.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')),
    ];
    const models = [];
    for (const [index, source] of sources.entries()) {
      const out = inFolder(`${index}.arpa`);
      await json('estimate', source, '--out', out);
      models.push(readFileSync(out, 'utf8'));
    }
    expect(models[1]).toBe(models[0]);
    expect(models[2]).toBe(models[0]);
    const out = inFolder('as-is.arpa');
    await json('estimate', sources[0]!, '--as-is', '--out', out);
    expect(readFileSync(out, 'utf8')).toContain('\tW0\t');
  });

  it('keeps to a vocabulary, with <unk> for other words or without their sentences', async () => {
    const source = write('text.txt', 'one two\n\nOne three\ntwo one\n');
    const vocabulary = write('words.txt', 'one two\nfour\n');
    const args = ['estimate', source, '--order', '2', '--vocabulary', vocabulary];
    const open = await json(...args, '--out', inFolder('open.arpa'));
    expect(open).toMatchObject({ sentences: 3, words: 6, unknown: 1, left_out: 0, vocabulary: 3 });
    expect(readFileSync(inFolder('open.arpa'), 'utf8')).toContain('one <unk>');
    const closed = await json(...args, '--closed', '--out', inFolder('closed.arpa'));
    expect(closed).toMatchObject({ sentences: 2, words: 4, unknown: 0, left_out: 1 });
    expect(readFileSync(inFolder('closed.arpa'), 'utf8')).not.toContain('<unk>');
    expect(
      closed.orders.map(({ discount_kind }: { discount_kind: string }) => discount_kind),
    ).toEqual(['fixed', 'fixed']);
  });

  it('says where a text has what no sentence has, and writes nothing', async () => {
    const source = write('text.txt', 'one\ntwo </s> three\n');
    const { code, stderr } = await lm('estimate', source, '--out', inFolder('model.arpa'));
    expect(code).toBe(1);
    expect(stderr).toContain(`error: ${source}:2: `);
    expect(stderr).toContain('got "</s>"');
    const empty = await lm('estimate', write('empty.txt', '\n'), '--out', inFolder('model.arpa'));
    expect([empty.code, empty.stderr]).toEqual([
      1,
      expect.stringContaining('expected sentences, got none'),
    ]);
    expect(readdirSync(folder).sort()).toEqual(['empty.txt', 'text.txt']);
  });
});

describe('sori lm prune', () => {
  it('writes a smaller model that still adds up, and foresees nearly as well', async () => {
    const source = write('text.txt', text);
    await json('estimate', source, '--out', inFolder('large.arpa'));
    const args = ['--threshold', '1e-5', '--out', inFolder('small.ngram')];
    const { orders } = await json('prune', inFolder('large.arpa'), ...args);
    const [ones, , threes] = orders;
    expect(ones.after).toBe(ones.before);
    expect(threes.after).toBeLessThan(threes.before);
    const info = await json('info', inFolder('small.ngram'), '--check');
    expect(info.ngrams).toEqual(orders.map(({ after }: { after: number }) => after));
    expect(info.largest_deviation).toBeLessThan(1e-6);
    const perplexity = async (model: string) =>
      (await json('perplexity', source, '--model', inFolder(model))).total.perplexity;
    const [large, small] = [await perplexity('large.arpa'), await perplexity('small.ngram')];
    expect(small / large).toBeGreaterThan(1);
    expect(small / large).toBeLessThan(1.1);
    const table = await lm('prune', inFolder('large.arpa'), ...args);
    expect(table.stdout).toMatch(/^order +before +after\n1 +63 +63\n2 /u);
  });
});

describe('sori lm perplexity', () => {
  // p(a) = p(b) = ¼, p(</s>) = ½
  const model = [
    ...['\\data\\', 'ngram 1=3', '', '\\1-grams:', '-0.60206\ta', '-0.60206\tb', '-0.30103\t</s>'],
    ...['', '\\end\\', ''],
  ].join('\n');

  it('gives that of each text and of all, with unknown words counted', async () => {
    const texts = [write('1.txt', 'a b\nB\n'), write('2.txt', 'a c\n')];
    const args = ['perplexity', ...texts, '--model', write('model.arpa', model)];
    const { files, total } = await json(...args);
    expect(files.map(({ file }: { file: string }) => file)).toEqual(texts);
    expect(files[0]).toMatchObject({ sentences: 2, words: 3, unknown: 0, impossible: 0 });
    expect(files[1]).toMatchObject({ sentences: 1, words: 2, unknown: 1 });
    // Bits: three words of 2 and two ends of 1; then one of each.
    expect(files[0].perplexity).toBeCloseTo(2 ** (8 / 5), 5);
    expect(files[0].perplexity_without_ends).toBeCloseTo(4, 5);
    expect(files[1].perplexity).toBeCloseTo(2 ** (3 / 2), 5);
    expect(total.perplexity).toBeCloseTo(2 ** (11 / 7), 5);
    expect(total.perplexity_with_unknown).toBeNull();
    const { stdout } = await lm(...args);
    expect(stdout).toMatch(/^ +sentences +words +unknown +impossible +perplexity/u);
    expect(stdout).toMatch(/^all +3 +5 +1 +0 +2\.97 +4\.00 +–$/mu);
  });
});

describe('sori lm info and convert', () => {
  it('say what a model has, which stays the same from one kind of file to another', async () => {
    await json('estimate', write('text.txt', text), '--out', inFolder('a.arpa'));
    for (const [from, to] of [
      ['a.arpa', 'b.ngram'],
      ['b.ngram', 'c.arpa.gz'],
      ['c.arpa.gz', 'd.arpa'],
    ] as const) {
      const { code, stdout } = await lm('convert', inFolder(from), '--out', inFolder(to));
      expect([code, stdout]).toEqual([0, `wrote ${inFolder(to)}\n`]);
    }
    expect(readFileSync(inFolder('d.arpa'))).toEqual(readFileSync(inFolder('a.arpa')));
    const { source_sha256 } = await json('info', inFolder('a.arpa'));
    expect(await json('info', inFolder('b.ngram'))).toMatchObject({ source_sha256 });
    const { stdout } = await lm('info', inFolder('b.ngram'), '--check');
    expect(stdout).toMatch(/^1-grams +63$/mu);
    expect(stdout).toMatch(/^memory +\d+ bytes, 1\d\.\d an n-gram$/mu);
    expect(stdout).toMatch(/^sums +within \d\.\d\de-\d+ of one$/mu);
  });

  it('say which line of a file is wrong', async () => {
    const path = write('bad.arpa', '\\data\\\nngram 1=2\n\n\\1-grams:\n-1\ta\n-x\tb\n');
    const { code, stderr } = await lm('info', path);
    expect(code).toBe(1);
    expect(stderr).toContain(`error: ${path}:6: expected a number for a log-probability, got "-x"`);
  });
});

describe('sori lm', () => {
  it.each(['estimate', 'prune', 'perplexity', 'info', 'convert'])(
    'shows how to use %s with an example',
    async (command) => {
      const { code, stdout } = await lm(command, '--help');
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: sori lm ${command}`);
      expect(stdout).toMatch(/Examples:\n {2}\$ sori lm /u);
    },
  );

  it.each([
    ['no command', [], 'Usage: sori lm'],
    ['a name that no model has', ['convert', 'a', '--out', 'a.txt'], '.arpa, .arpa.gz, .ngram'],
    ['an order of nothing', ['estimate', 'a', '--out', 'a.arpa', '--order', '0'], 'from 1 to 20'],
    ['a threshold of nothing', ['prune', 'a', '--out', 'a.arpa', '--threshold', ''], 'above 0'],
    ['no model', ['perplexity', 'a'], "required option '--model <file>' not specified"],
  ])('exits with 2 for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await lm(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
