import type { Command } from 'commander';
import { memoryOf, noSource } from '../../language/ngram/ngram-model.ts';
import { ngramCounts } from '../../language/ngram/ngram-tree.ts';
import { largestDeviation } from '../../language/ngram/normalisation.ts';
import { stoppable } from '../interrupt.ts';
import { alignColumns } from '../table.ts';
import { loadWithProgress } from './model-file.ts';

type InfoFlags = { readonly check?: true; readonly json?: true };

type ModelInfo = {
  readonly file: string;
  /** Of the ARPA file that it is of; null for a model that was never one. */
  readonly source_sha256: string | null;
  readonly order: number;
  readonly words: number;
  readonly has_sentence_start: boolean;
  readonly has_unknown: boolean;
  readonly ngrams: readonly number[];
  readonly bytes: number;
  readonly bytes_per_ngram: number;
  /** With --check: |sum of probabilities − 1| after the history where it is largest. */
  readonly largest_deviation?: number;
};

export function addInfo(group: Command): void {
  group
    .command('info')
    .description('what a model has, and what it takes in memory')
    .argument('<model>', 'the model')
    .option('--check', 'add up the probabilities after every history')
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ sori lm info books.arpa.gz
  $ sori lm info books.ngram --check --json`,
    )
    .action(runInfo);
}

async function runInfo(path: string, { check, json }: InfoFlags): Promise<void> {
  const model = await stoppable((signal) => loadWithProgress(path, signal));
  const { vocabulary, tree, sourceSha256 } = model;
  const { bytes, bytesPerNgram } = memoryOf(model);
  const info: ModelInfo = {
    file: path,
    source_sha256: sourceSha256 === noSource ? null : sourceSha256,
    order: tree.order,
    words: vocabulary.words.length,
    has_sentence_start: vocabulary.begin >= 0,
    has_unknown: vocabulary.unknown >= 0,
    ngrams: ngramCounts(tree),
    bytes,
    bytes_per_ngram: bytesPerNgram,
    ...(check && { largest_deviation: largestDeviation(model) }),
  };
  if (json) console.log(JSON.stringify(info));
  else for (const line of infoLines(info)) console.log(line);
}

function infoLines(info: ModelInfo): string[] {
  const rows = [
    ['order', String(info.order)],
    ['words', String(info.words)],
    ['<s>', info.has_sentence_start ? 'yes' : 'no'],
    ['<unk>', info.has_unknown ? 'yes' : 'no'],
    ...info.ngrams.map((count, index) => [`${index + 1}-grams`, String(count)]),
    ['memory', `${info.bytes} bytes, ${info.bytes_per_ngram.toFixed(1)} an n-gram`],
    ['source', info.source_sha256 ?? 'no ARPA file'],
  ];
  if (info.largest_deviation !== undefined) {
    rows.push(['sums', `within ${info.largest_deviation.toExponential(2)} of one`]);
  }
  return alignColumns(rows, '  ', new Set([0, 1]));
}
