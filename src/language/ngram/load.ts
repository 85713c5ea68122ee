import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ArpaParser } from './arpa-parser.ts';
import { decodeImage, encodeImage, ImageError, isImage } from './model-image.ts';
import type { NgramModel } from './ngram-model.ts';
import { readLines, TextFileError } from './text-lines.ts';

export type LoadOptions = {
  /**
   * Where an image of the ARPA file is kept: it is used if it is of this very file and whole, and else written
   * anew. A folder that cannot be written to only costs the time of reading the file.
   */
  readonly cache?: string;
  /** Called with how many bytes of an ARPA file have been read. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal;
};

/**
 * The n-gram model of a file: ARPA, plain or gzipped, or an image (`encodeImage`); the first bytes tell.
 *
 * @throws TextFileError naming the line that is wrong, or what is wrong with the image; whatever the signal
 *   is aborted with
 */
export async function loadNgramModel(path: string, options: LoadOptions = {}): Promise<NgramModel> {
  const { cache } = options;
  if (await beginsAsImage(path)) return readImage(path);
  if (cache === undefined) return readArpa(path, options);
  const cached = await readCache(cache, await sha256Of(path));
  if (cached !== undefined) return cached;
  const model = await readArpa(path, options);
  await writeCache(cache, model);
  return model;
}

/** The model of an ARPA file, never more of which is in memory than some lines. */
export async function readArpa(
  path: string,
  { onBytes, signal }: Omit<LoadOptions, 'cache'> = {},
): Promise<NgramModel> {
  const hash = createHash('sha256');
  const parser = new ArpaParser(path);
  for await (const { lines } of readLines(path, { hash, ...(onBytes && { onBytes }) })) {
    signal?.throwIfAborted();
    for (const line of lines) parser.add(line);
  }
  return parser.finish(hash.digest('hex'));
}

async function readImage(path: string, sourceSha256?: string): Promise<NgramModel> {
  try {
    return decodeImage(await readFile(path), sourceSha256);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new TextFileError(path, undefined, error.message, error);
  }
}

/** Undefined where there is none, or it is stale or damaged. */
async function readCache(path: string, sourceSha256: string): Promise<NgramModel | undefined> {
  try {
    return await readImage(path, sourceSha256);
  } catch {
    return undefined;
  }
}

async function writeCache(path: string, model: NgramModel): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, encodeImage(model));
    await rename(partial, path);
  } catch {
    await rm(partial, { force: true }).catch(() => {});
  }
}

async function beginsAsImage(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
      return isImage(buffer);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new TextFileError(path, undefined, `cannot be read: ${(error as Error).message}`, error);
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
