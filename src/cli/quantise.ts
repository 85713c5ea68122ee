import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadModelFolder, type ModelFolder } from '../recognition/model-folder.ts';
import { quantiseModel } from '../training/quantise-model.ts';
import { UsageError } from './failures.ts';

export function register(program: Command): void {
  program
    .command('quantise')
    .description(
      'write a model with the weights of its LSTMs, CTC’s and the hybrid’s, as integers of 7 bits',
    )
    .argument('<folder>', 'the model’s folder')
    .requiredOption('--out <folder>', 'where the other model is written; its name is the folder’s')
    .addHelpText(
      'after',
      `
One request alone takes less than half the time of inference; but requests are no longer heard in batches, for
their answers would depend on each other. Error rates and the calibration of its networks’ confidences are left
out: measure them anew (sori card, sori calibrate). When labels are said, and the HMM, are taken over.

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
  const kilobytes = ({ ctc, hybrid }: ModelFolder) =>
    Math.round((ctc.byteLength + (hybrid?.graph.byteLength ?? 0)) / 1000);
  const [before, after] = [model, await loadModelFolder(out)].map(kilobytes);
  console.log(`${name}: its networks take ${after} kB, before ${before} kB`);
}
