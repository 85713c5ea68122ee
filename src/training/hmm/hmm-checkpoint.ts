import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { unitSchema } from '../../hmm/unit.ts';
import { writeWhole } from '../write-whole.ts';
import type { HmmTrainerState } from './hmm-trainer.ts';

const doubles = z.array(z.number()).transform((values) => Float64Array.from(values));
const integers = z.array(z.int()).transform((values) => Int32Array.from(values));
const size = z.int().nonnegative();

const checkpointSchema = z.object({
  /** Of both configurations: a checkpoint goes on only with those that it began with. */
  configurationSha256: z.string(),
  /** Time spent training so far. */
  seconds: z.number(),
  iterations: size,
  stage: size,
  history: z.array(z.number()),
  varianceFloor: doubles,
  parameters: z.object({
    lexicon: z.record(z.string(), z.array(z.array(z.string()))),
    units: z.record(z.string(), unitSchema),
    mixtures: z.object({
      states: size,
      dims: size,
      componentStart: integers,
      logWeights: doubles,
      means: doubles,
      variances: doubles,
    }),
    transform: z
      .object({ context: size, inputDims: size, outputDims: size, matrix: doubles })
      .optional(),
  }),
});

/** The state of an HMM's training after some number of iterations. */
export type HmmCheckpoint = HmmTrainerState & {
  readonly configurationSha256: string;
  readonly seconds: number;
};

/** Writes a checkpoint so that the file is always the old one or the new one. JSON keeps doubles whole. */
export function writeHmmCheckpoint(path: string, checkpoint: HmmCheckpoint): Promise<void> {
  const plain = (_key: string, value: unknown) =>
    value instanceof Float64Array || value instanceof Int32Array ? Array.from(value) : value;
  return writeWhole(path, JSON.stringify(checkpoint, plain));
}

/**
 * The checkpoint at the path; undefined where there is none.
 * @throws Error when it is no checkpoint, or one of another configuration
 */
export async function readHmmCheckpoint(
  path: string,
  configurationSha256: string,
): Promise<HmmCheckpoint | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { parameters, ...checkpoint } = checkpointSchema.parse(JSON.parse(text));
  if (checkpoint.configurationSha256 !== configurationSha256)
    throw new Error(`${path}: the configuration has changed since this checkpoint was written`);
  return { ...checkpoint, parameters: { ...parameters, transform: parameters.transform } };
}
