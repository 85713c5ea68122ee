import type { Command } from 'commander';
import { writeNgramModel } from '../../language/ngram/arpa-writer.ts';
import { stoppable } from '../interrupt.ts';
import { loadWithProgress, modelFile, modelFileHelp } from './model-file.ts';

export function addConvert(group: Command): void {
  group
    .command('convert')
    .description('write a model as another kind of file')
    .argument('<model>', 'the model')
    .requiredOption('--out <file>', 'where to write it', modelFile)
    .addHelpText(
      'after',
      `
${modelFileHelp}

Examples:
  $ sori lm convert books.arpa.gz --out books.ngram
  $ sori lm convert books.ngram --out books.arpa`,
    )
    .action(async (path: string, { out }: { readonly out: string }) => {
      await stoppable(async (signal) =>
        writeNgramModel(out, await loadWithProgress(path, signal), signal),
      );
      console.log(`wrote ${out}`);
    });
}
