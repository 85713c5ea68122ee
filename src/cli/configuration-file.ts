import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from './failures.ts';

/**
 * Reads a JSON file and checks it against a schema.
 * @throws UsageError naming the file and what is wrong with it
 */
export async function readConfigurationFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new UsageError(`${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
