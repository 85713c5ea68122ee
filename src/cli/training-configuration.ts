import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import {
  type TrainingConfiguration,
  trainingConfigurationSchema,
} from '../training/configuration.ts';
import { UsageError } from './failures.ts';

/**
 * Reads the JSON file that `sori train ctc` takes.
 * @throws UsageError naming the file and what is wrong with it
 */
export async function readTrainingConfiguration(path: string): Promise<TrainingConfiguration> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
  const parsed = trainingConfigurationSchema.safeParse(value);
  if (!parsed.success) throw new UsageError(`${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
