import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { type HmmDefinition, hmmDefinitionSchema } from '../hmm/definition.ts';
import { loadNgramModel } from '../language/ngram/load.ts';
import { encodeImage } from '../language/ngram/model-image.ts';
import { type HmmSection, type ModelManifest, modelManifestSchema } from './model-manifest.ts';

/** A model's files, read once and checked; workers get these bytes and never open the folder again. */
export type ModelFolder = {
  readonly name: string;
  readonly manifest: ModelManifest;
  /** When model.json was written. */
  readonly createdAt: Date;
  readonly files: readonly ModelFile[];
  /** The bytes of ctc.onnx, in shared memory so that worker threads need no copy. */
  readonly ctc: Uint8Array;
  /** An image of the n-gram model that its beam search listens to, in shared memory; undefined where it has none. */
  readonly ngram: Uint8Array | undefined;
  /** Undefined where the model has none. */
  readonly hmm: HmmFiles | undefined;
  /** Undefined where the model has none. */
  readonly hybrid: HmmFiles | undefined;
};

export type ModelFile = {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
};

/** Of an HMM, or of a hybrid, which differs in what its graph is. */
export type HmmFiles = {
  /** The bytes of hmm.onnx or hybrid.onnx, in shared memory too. */
  readonly graph: Uint8Array;
  readonly definition: HmmDefinition;
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
  const manifest = parseJson(modelManifestSchema, manifestFile, await read(manifestFile));
  if (manifest.name !== basename(resolve(folder)))
    throw new ModelFolderError(
      manifestFile,
      `expected the name of its folder, "${basename(resolve(folder))}", got "${manifest.name}"`,
    );
  const ctc = await readChecked(folder, manifest.ctc);
  const { language } = manifest.ctc;
  const ngram = language && (await readChecked(folder, language));
  const hmm = manifest.hmm && (await readHmm(folder, manifest.hmm));
  const hybrid = manifest.hybrid && (await readHmm(folder, manifest.hybrid));
  return {
    name: manifest.name,
    manifest,
    createdAt: (await stat(manifestFile)).mtime,
    files: [
      ctc.file,
      ...(ngram === undefined ? [] : [ngram.file]),
      ...(hmm?.listed ?? []),
      ...(hybrid?.listed ?? []),
    ],
    ctc: shared(ctc.bytes),
    ngram: language && shared(await imageOf(join(folder, language.file))),
    hmm: hmm?.files,
    hybrid: hybrid?.files,
  };
}

/** The graph and the definition of a model's HMM, or of its hybrid. */
async function readHmm(
  folder: string,
  section: Pick<HmmSection, 'graph' | 'definition'>,
): Promise<{ readonly files: HmmFiles; readonly listed: readonly ModelFile[] }> {
  const graph = await readChecked(folder, section.graph);
  const definition = await readChecked(folder, section.definition);
  const file = join(folder, definition.file.name);
  return {
    files: {
      graph: shared(graph.bytes),
      definition: parseJson(hmmDefinitionSchema, file, definition.bytes),
    },
    listed: [graph.file, definition.file],
  };
}

/** The image of an n-gram model, whatever the file has. */
async function imageOf(file: string): Promise<Uint8Array> {
  try {
    return encodeImage(await loadNgramModel(file));
  } catch (cause) {
    throw new ModelFolderError(file, messageOf(cause), { cause });
  }
}

/** A file that model.json names, once it is certain that it is the one that was meant. */
async function readChecked(
  folder: string,
  expected: { readonly file: string; readonly sha256: string },
): Promise<{ file: ModelFile; bytes: Uint8Array }> {
  const path = join(folder, expected.file);
  const bytes = await read(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== expected.sha256)
    throw new ModelFolderError(
      path,
      `expected sha256 ${expected.sha256}, as model.json says; got ${sha256}`,
    );
  return { file: { name: expected.file, sha256, bytes: bytes.byteLength }, bytes };
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
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

function parseJson<Schema extends z.ZodType>(
  schema: Schema,
  file: string,
  bytes: Uint8Array,
): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelFolderError(file, `expected JSON: ${messageOf(cause)}`, { cause });
  }
  const result = schema.safeParse(json);
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
