import type { Command } from 'commander';
import { pathToShow } from './model-card/paths.ts';
import { wholeNumber } from './options.ts';

/** How a network is trained, whatever it is to learn. */
export type NetworkTrainingFlags = {
  readonly corpora: string[];
  readonly steps?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly dataWorkers: number;
  readonly cache: string;
};

/** Declares those flags of a command that stand in place of the configuration, and those that share work out. */
export function networkTrainingFlags(command: Command): Command {
  return command
    .option('--steps <count>', 'instead of the configuration’s', wholeNumber(1, 100_000_000))
    .option('--seed <number>', 'instead of the configuration’s', wholeNumber(0, 2 ** 32 - 1))
    .option(
      '--threads <count>',
      'threads a shard of the batch (default: cores / shards)',
      wholeNumber(1, 256),
    )
    .option('--data-workers <count>', 'threads that make batches', wholeNumber(1, 256), 1)
    .option('--cache <folder>', 'decoded recordings', '.cache');
}

/** The flags that decide the result, for the model card. */
export function decidingFlags({
  corpora,
  startFrom,
  steps,
  seed,
}: Pick<NetworkTrainingFlags, 'corpora' | 'steps' | 'seed'> & {
  readonly startFrom?: string | undefined;
}): string {
  const flags = [`--corpora ${corpora.map(pathToShow).join(' ')}`];
  if (startFrom !== undefined) flags.push(`--start-from ${pathToShow(startFrom)}`);
  if (steps !== undefined) flags.push(`--steps ${steps}`);
  if (seed !== undefined) flags.push(`--seed ${seed}`);
  return flags.join(' ');
}
