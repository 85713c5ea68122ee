import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { TrainingConfiguration } from '../training/configuration.ts';
import {
  type HmmTrainingConfiguration,
  hmmTrainingConfigurationSchema,
} from '../training/hmm/configuration.ts';
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
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
  const parsed = hmmTrainingConfigurationSchema.safeParse(value);
  if (!parsed.success) throw new UsageError(`${path}:\n${z.prettifyError(parsed.error)}`);
  const base = await readTrainingConfiguration(resolve(dirname(path), parsed.data.base));
  if (base.alphabet.kind !== 'words')
    throw new UsageError(`${path}: expected a base with labels of words, got characters`);
  const { examples = parsed.data.examples, seed = parsed.data.seed } = change;
  return { base, configuration: { ...parsed.data, examples, seed } };
}
