import { type Command, InvalidArgumentError } from 'commander';
import { writeNgramModel } from '../../language/ngram/arpa-writer.ts';
import { pruneByEntropy } from '../../language/ngram/entropy-pruning.ts';
import { ngramCounts } from '../../language/ngram/ngram-tree.ts';
import { stoppable } from '../interrupt.ts';
import { alignColumns } from '../table.ts';
import { loadWithProgress, modelFile, modelFileHelp } from './model-file.ts';

type PruneFlags = { readonly threshold: number; readonly out: string; readonly json?: true };

export function addPrune(group: Command): void {
  group
    .command('prune')
    .description('take out the n-grams of a model that hardly matter (Stolcke 1998)')
    .argument('<model>', 'the model')
    .requiredOption(
      '--threshold <number>',
      'by how much of itself the perplexity may grow for an n-gram: 1e-8, say',
      positiveNumber,
    )
    .requiredOption('--out <file>', 'where to write the smaller model', modelFile)
    .option('--json', 'the summary as one JSON object')
    .addHelpText(
      'after',
      `
Each n-gram is looked at as if it went alone; one that a longer one goes on from stays. Afterwards back-off
weights are such that probabilities add up to one.
${modelFileHelp}

Examples:
  $ sori lm prune books.arpa.gz --threshold 1e-8 --out small.arpa.gz
  $ sori lm prune books.ngram --threshold 1e-7 --out smaller.ngram --json`,
    )
    .action(runPrune);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < Infinity) return value;
  throw new InvalidArgumentError('expected a number above 0');
}

async function runPrune(path: string, { threshold, out, json }: PruneFlags): Promise<void> {
  const { before, after } = await stoppable(async (signal) => {
    const model = await loadWithProgress(path, signal);
    const smaller = pruneByEntropy(model, threshold);
    await writeNgramModel(out, smaller, signal);
    return { before: ngramCounts(model.tree), after: ngramCounts(smaller.tree) };
  });
  const orders = before.map((count, index) => ({
    order: index + 1,
    before: count,
    after: after[index]!,
  }));
  if (json) console.log(JSON.stringify({ out, threshold, orders }));
  else {
    const rows = orders.map((row) => [row.order, row.before, row.after].map(String));
    for (const line of alignColumns([['order', 'before', 'after'], ...rows])) console.log(line);
    console.log(`wrote ${out}`);
  }
}
