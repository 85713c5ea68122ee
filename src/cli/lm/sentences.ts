import { stat } from 'node:fs/promises';
import { normaliseText } from '../../alphabet/definition.ts';
import { readLines, TextFileError } from '../../language/ngram/text-lines.ts';
import { readManifest } from '../../training/data/manifest.ts';
import { startProgress } from '../progress.ts';

/** One sentence of a text. */
export type Sentence = {
  readonly words: readonly string[];
  /** Where it stands, from 1. */
  readonly line: number;
};

export type TextOptions = {
  /** Whether words are taken as they are written, and not in lower case and composed. */
  readonly asIs: boolean;
  readonly signal: AbortSignal;
};

/** What the help of each command that reads texts says of them. */
export const textsHelp = `A text is UTF-8 with a sentence a line, plain or gzipped, or a manifest (.jsonl) with its texts. Case is
ignored, as in the labels of a model, unless --as-is is given; lines without a word are passed over.`;

/**
 * Has every sentence of some texts visited, showing how far it is.
 *
 * @throws TextFileError, or `ManifestError`, with file and line where a text cannot be read or `visit` throws
 *   `RangeError`
 */
export async function visitTexts(
  paths: readonly string[],
  options: TextOptions,
  visit: (sentence: Sentence, path: string) => void,
): Promise<void> {
  const sizes = await Promise.all(paths.map(sizeOf));
  const progress = startProgress('bytes', sizes.reduce((sum, size) => sum + size, 0) || 1);
  let before = 0;
  try {
    for (const [index, path] of paths.entries()) {
      const onBytes = (bytes: number) => progress.update(before + bytes);
      for await (const sentences of sentencesOf(path, options, onBytes)) {
        options.signal.throwIfAborted();
        for (const sentence of sentences) visitOne(path, sentence, visit);
      }
      before += sizes[index]!;
      progress.update(before);
    }
  } finally {
    progress.stop();
  }
}

function visitOne(
  path: string,
  sentence: Sentence,
  visit: (sentence: Sentence, path: string) => void,
): void {
  try {
    visit(sentence, path);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TextFileError(path, sentence.line, error.message, error);
  }
}

async function* sentencesOf(
  path: string,
  { asIs }: TextOptions,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Sentence[]> {
  if (path.endsWith('.jsonl')) {
    const { rows } = await readManifest(path);
    yield rows.filter(({ words }) => words.length > 0);
    return;
  }
  for await (const { firstLine, lines } of readLines(path, { onBytes })) {
    yield lines
      .map((line, index) => ({ words: wordsIn(line, asIs), line: firstLine + index }))
      .filter(({ words }) => words.length > 0);
  }
}

/** The words of a file, one after the other. */
export async function readWords(path: string, options: TextOptions): Promise<string[]> {
  const words: string[] = [];
  for await (const sentences of sentencesOf(path, options, () => {})) {
    for (const sentence of sentences) words.push(...sentence.words);
  }
  return words;
}

function wordsIn(text: string, asIs: boolean): string[] {
  const words = asIs ? text.split(/\s+/u) : normaliseText(text).split(' ');
  return words.filter((word) => word !== '');
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw new TextFileError(path, undefined, `cannot be read: ${(error as Error).message}`, error);
  }
}
