import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';

const rowSchema = z.object({
  audio_filepath: z.string().min(1),
  /** Seconds. */
  duration: z.number().positive(),
  text: z.string(),
  /** Seconds into the file at which the clip starts: a clip may be a part of a recording. */
  offset: z.number().min(0).optional(),
  speaker: z.string().default(''),
  corpus: z.string().default(''),
});

/** One clip of a manifest. */
export type ManifestRow = {
  /** Absolute path of its recording. */
  readonly audioPath: string;
  readonly seconds: number;
  /** Where in the recording the clip starts; a clip without an offset is the whole recording. */
  readonly offsetSeconds: number | undefined;
  readonly words: readonly string[];
  readonly speaker: string;
  readonly corpus: string;
  /** Line of the manifest, from 1. */
  readonly line: number;
};

export type Manifest = { readonly path: string; readonly rows: readonly ManifestRow[] };

/** A manifest that cannot be used; the message names file and line. */
export class ManifestError extends Error {
  constructor(path: string, line: number | undefined, problem: string) {
    super(`${path}${line === undefined ? '' : `:${line}`}: ${problem}`);
    this.name = 'ManifestError';
  }
}

/**
 * Reads a manifest in the JSONL format that NeMo and others use. `audio_filepath` is relative to the
 * manifest's folder; text is lower-cased and split at white space.
 * @throws ManifestError naming the first line that is not a valid row.
 */
export async function readManifest(path: string): Promise<Manifest> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    throw new ManifestError(path, undefined, `cannot be read: ${(error as Error).message}`);
  }
  return { path, rows: parseManifest(path, content) };
}

/** `readManifest` for content already read; the path serves for messages and to find recordings. */
export function parseManifest(path: string, content: string): ManifestRow[] {
  const folder = dirname(path);
  const rows: ManifestRow[] = [];
  for (const [index, source] of content.split('\n').entries()) {
    if (source.trim() === '') continue;
    const line = index + 1;
    let value: unknown;
    try {
      value = JSON.parse(source);
    } catch (error) {
      throw new ManifestError(path, line, `expected a JSON object: ${(error as Error).message}`);
    }
    const parsed = rowSchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      throw new ManifestError(path, line, `${issue.path.join('.') || 'row'}: ${issue.message}`);
    }
    const row = parsed.data;
    rows.push({
      audioPath: resolve(folder, row.audio_filepath),
      seconds: row.duration,
      offsetSeconds: row.offset,
      words: row.text.toLowerCase().split(/\s+/).filter(Boolean),
      speaker: row.speaker,
      corpus: row.corpus,
      line,
    });
  }
  return rows;
}
