import { stat } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { modelFileEnds } from '../../language/ngram/arpa-writer.ts';
import { loadNgramModel } from '../../language/ngram/load.ts';
import type { NgramModel } from '../../language/ngram/ngram-model.ts';
import { type Progress, startProgress } from '../progress.ts';

/** A parser for the name of a file that a model is to be written to. */
export function modelFile(path: string): string {
  if (modelFileEnds.some((end) => path.endsWith(end))) return path;
  throw new InvalidArgumentError(`expected a name that ends in ${modelFileEnds.join(', ')}`);
}

/** What the help of each command that writes a model says of its file. */
export const modelFileHelp = `A model is written as ARPA, as ARPA in gzip, or as an image (.ngram) that loads at once; all three can be read.`;

/** Loads a model, showing how far it is. */
export async function loadWithProgress(path: string, signal: AbortSignal): Promise<NgramModel> {
  let progress: Progress | undefined;
  let size = 0;
  try {
    size = (await stat(path)).size;
  } catch {
    // Loading says why there is no such file.
  }
  try {
    const onBytes = (bytes: number) => {
      progress ??= startProgress('bytes', size);
      progress.update(bytes);
    };
    return await loadNgramModel(path, { onBytes, signal });
  } finally {
    progress?.stop();
  }
}
