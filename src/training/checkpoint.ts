import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from './write-whole.ts';

const magic = 'sori-checkpoint-1\n';

const evaluationSchema = z.object({
  step: z.number(),
  /** What the best weights have least of: the sets' scores, weighted. */
  score: z.number(),
  /** Mean over the sets that are scored by word errors. */
  wordErrorRate: z.number(),
  sets: z.record(z.string(), z.number()),
});
export type DevEvaluation = z.infer<typeof evaluationSchema>;

const headerSchema = z.object({
  /** Of the configuration: a checkpoint goes on only with the configuration that it began with. */
  configurationSha256: z.string(),
  step: z.number(),
  /** Time spent training so far. */
  seconds: z.number(),
  best: evaluationSchema.nullable(),
  evaluationsSinceBest: z.number(),
  normalisation: z.object({ mean: z.array(z.number()), inverseDeviation: z.array(z.number()) }),
  vectors: z.array(z.string()),
  vectorSize: z.number(),
});

/** The state of a training run after some number of steps: with the configuration, all there is to know. */
export type Checkpoint = Omit<z.infer<typeof headerSchema>, 'vectors' | 'vectorSize'> & {
  /** Weights, their mean, the best, and the optimizer's slots: flat vectors of one size, by name. */
  readonly vectors: Readonly<Record<string, Float32Array>>;
};

/** Writes a checkpoint so that the file is always the old one or the new one, never half of one. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { vectors, ...rest } = checkpoint;
  const arrays = Object.values(vectors);
  const header = { ...rest, vectors: Object.keys(vectors), vectorSize: arrays[0]?.length ?? 0 };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const bytes = arrays.map((array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength),
  );
  await writeWhole(path, Buffer.concat([Buffer.from(magic), length, json, ...bytes]));
}

/** @throws Error when there is no such file or it is no checkpoint */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const file = await readFile(path);
  const headerStart = magic.length + 4;
  if (file.subarray(0, magic.length).toString() !== magic) {
    throw new Error(`${path}: expected a checkpoint of this version of Sori, got something else`);
  }
  const vectorStart = headerStart + file.readUInt32LE(magic.length);
  const header = headerSchema.parse(JSON.parse(file.subarray(headerStart, vectorStart).toString()));
  const { vectors: names, vectorSize, ...rest } = header;
  const expectedSize = vectorStart + names.length * vectorSize * 4;
  if (file.length !== expectedSize) {
    throw new Error(`${path}: expected ${expectedSize} bytes, got ${file.length}`);
  }
  const vectors = names.map((name, index) => {
    const start = vectorStart + index * vectorSize * 4;
    const copy = file.buffer.slice(
      file.byteOffset + start,
      file.byteOffset + start + vectorSize * 4,
    );
    return [name, new Float32Array(copy as ArrayBuffer)] as const;
  });
  return { ...rest, vectors: Object.fromEntries(vectors) };
}
