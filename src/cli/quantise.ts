import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadModelFolder } from '../recognition/model-folder.ts';
import { quantiseModel } from '../training/quantise-model.ts';
import { UsageError } from './failures.ts';

export function register(program: Command): void {
  program
    .command('quantise')
    .description('write a model with the weights of its CTC network in 8-bit integers')
    .argument('<folder>', 'the model’s folder')
    .requiredOption('--out <folder>', 'where the other model is written; its name is the folder’s')
    .addHelpText(
      'after',
      `
One request alone takes less than half the time of inference; but requests are no longer heard in batches, for
their answers would depend on each other. Error rates are left out of the card: measure them anew.

Examples:
  $ sori quantise models/digits-en --out models/digits-en-int8
  $ sori evaluate --model models/digits-en-int8 --manifest corpora/fsdd/dev.jsonl`,
    )
    .action(quantise);
}

async function quantise(folder: string, { out }: { readonly out: string }): Promise<void> {
  if (resolve(folder) === resolve(out))
    throw new UsageError('--out: expected another folder than the model’s own');
  const model = await loadModelFolder(folder);
  const { name } = await quantiseModel(model, folder, out);
  const { ctc } = await loadModelFolder(out);
  const kilobytes = (bytes: Uint8Array) => Math.round(bytes.byteLength / 1000);
  console.log(`${name}: its network takes ${kilobytes(ctc)} kB, before ${kilobytes(model.ctc)} kB`);
}
