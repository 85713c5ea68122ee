import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import {
  type TrainingConfiguration,
  trainingConfigurationSchema,
} from '../training/configuration.ts';
import { UsageError } from './failures.ts';

/**
 * Reads the JSON file that `sori train ctc` takes.
 * @param change flags that stand in for what the file says
 * @throws UsageError naming the file and what is wrong with it
 */
export async function readTrainingConfiguration(
  path: string,
  change: { readonly steps?: number; readonly seed?: number } = {},
): Promise<TrainingConfiguration> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
  const parsed = trainingConfigurationSchema.safeParse(value);
  if (!parsed.success) throw new UsageError(`${path}:\n${z.prettifyError(parsed.error)}`);
  const { steps = parsed.data.steps, seed = parsed.data.seed } = change;
  return { ...parsed.data, steps, seed };
}
