/**
 * n-gram models: a 3-gram of 10 000 words, estimated from half a million words whose frequencies fall as those
 * of a language do (Zipf). Looking words up is compared with the same model in a Map of strings.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arpaText, writeNgramModel } from '../../src/language/ngram/arpa-writer.ts';
import { estimateKneserNey, modelOf } from '../../src/language/ngram/kneser-ney.ts';
import { loadNgramModel } from '../../src/language/ngram/load.ts';
import { memoryOf, type NgramModel } from '../../src/language/ngram/ngram-model.ts';
import { NgramScorer } from '../../src/language/ngram/ngram-scorer.ts';
import { ngramCounts } from '../../src/language/ngram/ngram-tree.ts';
import { TextCounter } from '../../src/language/ngram/text-counter.ts';
import { Random } from '../../src/math/random.ts';
import { BackOffModel, type WrittenNgram } from '../reference/back-off-model.ts';
import { type BenchContext, type BenchRow, medianSeconds } from './harness.ts';

const order = 3;
const vocabularySize = 10_000;
const textWords = 500_000;
const queries = 100_000;

/** Sentences of ten words, each of which four words follow more often than others. */
function madeUpText(random: Random, words: number): string[][] {
  const word = () => Math.floor(vocabularySize ** random.next()) - 1;
  return Array.from({ length: words / 10 }, () => {
    const sentence = [word()];
    while (sentence.length < 10) {
      const last = sentence.at(-1)!;
      const usual = (last * 31 + 7 * random.integer(4)) % vocabularySize;
      sentence.push(random.chance(0.5) ? usual : word());
    }
    return sentence.map((number) => `w${number}`);
  });
}

function estimate(text: readonly string[][]): NgramModel {
  const counter = new TextCounter({ order, open: true });
  for (const sentence of text) counter.add(sentence);
  return modelOf(estimateKneserNey(counter.finish()));
}

function inMapOfStrings(model: NgramModel): BackOffModel {
  const ngrams: WrittenNgram[] = [];
  for (const line of [...arpaText(model)].join('').split('\n')) {
    const [prob, words, backoff = ''] = line.split('\t');
    if (words !== undefined) ngrams.push({ words: words.split(' '), prob: prob!, backoff });
  }
  return new BackOffModel(ngrams);
}

export async function run(context: BenchContext): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sori-bench-lm-'));
  try {
    const random = new Random(1);
    const text = madeUpText(random, textWords);
    const model = estimate(text);
    const ngrams = ngramCounts(model.tree).reduce((sum, count) => sum + count);
    const { bytesPerNgram } = memoryOf(model);
    const size = `${order}-gram, ${model.vocabulary.words.length} words, ${ngrams} n-grams`;
    const seconds = await medianSeconds(() => estimate(text), Math.min(3, context.runs));
    return [
      ...(await lookUpRows(context, model, random, `${size} of ${bytesPerNgram.toFixed(1)} bytes`)),
      ...(await loadRows(context, model, ngrams, folder, size)),
      { bench: 'lm', case: `estimating, ${size}`, value: textWords / seconds, unit: 'words/s' },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One call of `next` after another along sentences: half of them are n-grams of the model, half are drawn. */
async function lookUpRows(
  context: BenchContext,
  model: NgramModel,
  random: Random,
  size: string,
): Promise<BenchRow[]> {
  const scorer = new NgramScorer(model);
  const numbers = new Map(scorer.words.map((word, number) => [word, number]));
  const sentences = madeUpText(random, queries);
  const asNumbers = sentences.map((words) => words.map((word) => numbers.get(word) ?? -1));
  const inStrings = inMapOfStrings(model);
  const known = (word: string) => (numbers.has(word) ? word : '<unk>');
  const asStrings = sentences.map((words) => ['<s>', ...words.map(known)]);
  let sum = 0;
  const ours = await medianSeconds(() => {
    for (const words of asNumbers) {
      let state = scorer.start;
      for (const word of words) {
        state = scorer.next(state, word);
        sum += scorer.logWeight;
      }
    }
  }, context.runs);
  const theirs = await medianSeconds(() => {
    for (const words of asStrings) {
      for (let place = 1; place < words.length; place++) {
        sum += inStrings.logProb(words.slice(Math.max(0, place - 2), place), words[place]!);
      }
    }
  }, context.runs);
  if (!Number.isFinite(sum)) throw new Error(`expected finite log-probabilities, got ${sum}`);
  return [
    {
      bench: 'lm',
      case: `looking up, ${size}`,
      value: queries / ours,
      unit: 'words/s',
      baseline: `a Map of strings: ${Math.round(queries / theirs)} words/s`,
      ratio: theirs / ours,
    },
  ];
}

async function loadRows(
  context: BenchContext,
  model: NgramModel,
  ngrams: number,
  folder: string,
  size: string,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  let ofArpa: number | undefined;
  for (const name of ['model.arpa', 'model.arpa.gz', 'model.ngram']) {
    const path = join(folder, name);
    await writeNgramModel(path, model);
    const seconds = await medianSeconds(() => loadNgramModel(path), Math.min(3, context.runs));
    ofArpa ??= seconds;
    rows.push({
      bench: 'lm',
      case: `loading ${name}, ${size}`,
      value: ngrams / seconds,
      unit: 'n-grams/s',
      ...(seconds !== ofArpa && { baseline: 'plain ARPA', ratio: ofArpa / seconds }),
    });
  }
  return rows;
}
