import {
  type TrainingConfiguration,
  trainingConfigurationSchema,
} from '../training/configuration.ts';
import { readConfigurationFile } from './configuration-file.ts';

/**
 * Reads the JSON file that `sori train ctc` takes.
 * @param change flags that stand in for what the file says
 * @throws UsageError naming the file and what is wrong with it
 */
export async function readTrainingConfiguration(
  path: string,
  change: { readonly steps?: number; readonly seed?: number } = {},
): Promise<TrainingConfiguration> {
  const configuration = await readConfigurationFile(path, trainingConfigurationSchema);
  const { steps = configuration.steps, seed = configuration.seed } = change;
  return { ...configuration, steps, seed };
}
