import { dirname, resolve } from 'node:path';
import type { TrainingConfiguration } from '../training/configuration.ts';
import {
  type HmmTrainingConfiguration,
  hmmTrainingConfigurationSchema,
} from '../training/hmm/configuration.ts';
import { readConfigurationFile } from './configuration-file.ts';
import { UsageError } from './failures.ts';
import { readTrainingConfiguration } from './training-configuration.ts';

/**
 * Reads the JSON file that `sori train hmm` takes, and the one of `sori train ctc` that it names.
 * @param change flags that stand in for what the file says
 * @throws UsageError naming the file and what is wrong with it
 */
export async function readHmmConfiguration(
  path: string,
  change: { readonly examples?: number; readonly seed?: number },
): Promise<{ base: TrainingConfiguration; configuration: HmmTrainingConfiguration }> {
  const own = await readConfigurationFile(path, hmmTrainingConfigurationSchema);
  const base = await readTrainingConfiguration(resolve(dirname(path), own.base));
  if (base.alphabet.kind !== 'words')
    throw new UsageError(`${path}: expected a base with labels of words, got characters`);
  const { examples = own.examples, seed = own.seed } = change;
  return { base, configuration: { ...own, examples, seed } };
}
