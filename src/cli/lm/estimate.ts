import type { Command } from 'commander';
import { writeNgramModel } from '../../language/ngram/arpa-writer.ts';
import type { DiscountKind } from '../../language/ngram/discounts.ts';
import { estimateKneserNey, modelOf } from '../../language/ngram/kneser-ney.ts';
import { ngramCounts } from '../../language/ngram/ngram-tree.ts';
import { TextCounter } from '../../language/ngram/text-counter.ts';
import { stoppable } from '../interrupt.ts';
import { wholeNumber } from '../options.ts';
import { alignColumns } from '../table.ts';
import { modelFile, modelFileHelp } from './model-file.ts';
import { readWords, textsHelp, visitTexts } from './sentences.ts';

type EstimateFlags = {
  readonly order: number;
  readonly out: string;
  readonly vocabulary?: string;
  readonly closed?: true;
  readonly asIs?: true;
  readonly json?: true;
};

export function addEstimate(group: Command): void {
  group
    .command('estimate')
    .description('estimate a model from texts: interpolated modified Kneser-Ney')
    .argument('<text...>', 'texts or manifests')
    .option('--order <number>', 'words of the longest n-grams', wholeNumber(1, 20), 3)
    .requiredOption('--out <file>', 'where to write the model', modelFile)
    .option('--vocabulary <file>', 'the words that the model knows (default: those of the texts)')
    .option('--closed', 'without <unk>; sentences with other words are left out')
    .option('--as-is', 'words as they are written, upper case too')
    .option('--json', 'the summary as one JSON object')
    .addHelpText(
      'after',
      `
${textsHelp}
${modelFileHelp}

Discounts are those of Chen & Goodman (1999) for n-grams seen once, twice and more often. Where a small text
has no counts to tell them from, one discount serves for all (single), or those of KenLM (fixed); the summary
says so. Without --closed, words outside the vocabulary count as <unk>.

Examples:
  $ sori lm estimate corpora/librispeech/train.jsonl --out books.arpa.gz
  $ sori lm estimate dates.txt --order 4 --vocabulary words.txt --closed --out dates.ngram`,
    )
    .action(runEstimate);
}

type EstimateSummary = {
  readonly out: string;
  readonly sentences: number;
  readonly words: number;
  readonly unknown: number;
  readonly left_out: number;
  readonly vocabulary: number;
  readonly orders: readonly {
    readonly order: number;
    readonly ngrams: number;
    readonly discount_kind: DiscountKind;
    readonly discounts: readonly number[];
  }[];
};

async function runEstimate(texts: readonly string[], flags: EstimateFlags): Promise<void> {
  const summary = await stoppable((signal) => estimate(texts, flags, signal));
  if (flags.json) console.log(JSON.stringify(summary));
  else console.log(summaryText(summary));
}

async function estimate(
  texts: readonly string[],
  { order, out, vocabulary, closed, asIs }: EstimateFlags,
  signal: AbortSignal,
): Promise<EstimateSummary> {
  const options = { asIs: asIs === true, signal };
  const words = vocabulary === undefined ? undefined : await readWords(vocabulary, options);
  const counter = new TextCounter({ order, open: !closed, ...(words && { vocabulary: words }) });
  await visitTexts(texts, options, ({ words }) => counter.add(words));
  if (counter.sentences === 0) {
    throw new Error(`expected sentences, got none (${counter.leftOut} left out)`);
  }
  const estimated = estimateKneserNey(counter.finish());
  const model = modelOf(estimated);
  await writeNgramModel(out, model, signal);
  return {
    out,
    sentences: counter.sentences,
    words: counter.words,
    unknown: counter.unknown,
    left_out: counter.leftOut,
    vocabulary: model.vocabulary.words.length,
    orders: ngramCounts(model.tree).map((ngrams, index) => {
      const { kind, values } = estimated.discounts[index]!;
      return { order: index + 1, ngrams, discount_kind: kind, discounts: values };
    }),
  };
}

function summaryText(summary: EstimateSummary): string {
  const rows = summary.orders.map(({ order, ngrams, discount_kind, discounts }) => [
    String(order),
    String(ngrams),
    discount_kind,
    ...discounts.map((discount) => discount.toFixed(4)),
  ]);
  return [
    `${summary.sentences} sentences of ${summary.words} words, ${summary.unknown} of them <unk>; ${summary.left_out} sentences left out; a vocabulary of ${summary.vocabulary}`,
    ...alignColumns([['order', 'n-grams', 'discounts', 'once', 'twice', 'more'], ...rows]),
    `wrote ${summary.out}`,
  ].join('\n');
}
