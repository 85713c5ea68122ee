import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { type ModelManifest, modelManifestSchema } from './model-manifest.ts';

/** A model's files, read once and checked; workers get these bytes and never open the folder again. */
export type ModelFolder = {
  readonly name: string;
  readonly manifest: ModelManifest;
  /** When model.json was written. */
  readonly createdAt: Date;
  readonly files: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly bytes: number;
  }[];
  /** The bytes of ctc.onnx, in shared memory so that worker threads need no copy. */
  readonly ctc: Uint8Array;
};

/** A model folder that cannot be served. The message names the file and what is wrong with it. */
export class ModelFolderError extends Error {
  constructor(file: string, problem: string, options?: { cause?: unknown }) {
    super(`${file}: ${problem}`, options);
    this.name = 'ModelFolderError';
  }
}

/**
 * Reads `<folder>/model.json` and the files it names.
 * @throws ModelFolderError if a file is missing, breaks its schema or has another sha256
 */
export async function loadModelFolder(folder: string): Promise<ModelFolder> {
  const manifestFile = join(folder, 'model.json');
  const manifest = parseManifest(manifestFile, await read(manifestFile));
  if (manifest.name !== basename(resolve(folder)))
    throw new ModelFolderError(
      manifestFile,
      `expected the name of its folder, "${basename(resolve(folder))}", got "${manifest.name}"`,
    );
  const graphFile = join(folder, manifest.ctc.file);
  const graph = await read(graphFile);
  const sha256 = createHash('sha256').update(graph).digest('hex');
  if (sha256 !== manifest.ctc.sha256)
    throw new ModelFolderError(
      graphFile,
      `expected sha256 ${manifest.ctc.sha256}, as model.json says; got ${sha256}`,
    );
  const ctc = new Uint8Array(new SharedArrayBuffer(graph.byteLength));
  ctc.set(graph);
  return {
    name: manifest.name,
    manifest,
    createdAt: (await stat(manifestFile)).mtime,
    files: [{ name: manifest.ctc.file, sha256, bytes: graph.byteLength }],
    ctc,
  };
}

/**
 * Every model in a directory, by name. A request can only name one of these: nothing that a client
 * sends ever becomes part of a path.
 * @throws ModelFolderError if the directory cannot be read, holds no model, or holds a broken one
 */
export async function loadModelFolders(directory: string): Promise<ModelFolder[]> {
  const entries = await readdir(directory).catch((cause: unknown) => {
    throw new ModelFolderError(directory, `cannot be listed: ${messageOf(cause)}`, { cause });
  });
  const models: ModelFolder[] = [];
  for (const entry of entries.filter((name) => !name.startsWith('.')).sort()) {
    const folder = join(directory, entry);
    const found = await stat(folder).catch((cause: unknown) => {
      throw new ModelFolderError(folder, `cannot be read: ${messageOf(cause)}`, { cause });
    });
    if (found.isDirectory()) models.push(await loadModelFolder(folder));
  }
  if (models.length === 0)
    throw new ModelFolderError(
      directory,
      'expected at least one folder with a model.json, got none',
    );
  return models;
}

function parseManifest(file: string, bytes: Uint8Array): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelFolderError(file, `expected JSON: ${messageOf(cause)}`, { cause });
  }
  const result = modelManifestSchema.safeParse(json);
  if (!result.success)
    throw new ModelFolderError(file, z.prettifyError(result.error), { cause: result.error });
  return result.data;
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new ModelFolderError(file, `cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
