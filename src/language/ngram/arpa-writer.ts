import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { decimalLog } from './arpa-numbers.ts';
import { encodeImage } from './model-image.ts';
import { type NgramModel, wordText } from './ngram-model.ts';
import { historiesOf, ngramCounts } from './ngram-tree.ts';

/** Characters of a piece of text that is given out at once, about. */
const pieceLength = 1 << 16;

/** A model in the ARPA format, piece by piece: n-grams of a length by their words' numbers. */
export function* arpaText(model: NgramModel): Generator<string> {
  const { vocabulary, tree, logProbs, logBackoffs } = model;
  const { order, levels, words } = tree;
  const histories = historiesOf(tree);
  const texts = Array.from({ length: vocabulary.size }, (_, word) => wordText(vocabulary, word));
  const textOf = (node: number, length: number): string =>
    length === 1
      ? texts[words[node]!]!
      : `${textOf(histories[node]!, length - 1)} ${texts[words[node]!]}`;
  const counts = ngramCounts(tree).map((count, index) => `ngram ${index + 1}=${count}\n`);
  let piece = `\\data\\\n${counts.join('')}`;
  for (let length = 1; length <= order; length++) {
    piece += `\n\\${length}-grams:\n`;
    for (let node = levels[length]!; node < levels[length + 1]!; node++) {
      const logBackoff = length < order ? logBackoffs[node]! : 0;
      const backoff = logBackoff === 0 ? '' : `\t${decimalLog(logBackoff)}`;
      piece += `${decimalLog(logProbs[node]!)}\t${textOf(node, length)}${backoff}\n`;
      if (piece.length < pieceLength) continue;
      yield piece;
      piece = '';
    }
  }
  yield `${piece}\n\\end\\\n`;
}

/** How a model is written, by the end of the file's name. */
export const modelFileEnds = ['.arpa', '.arpa.gz', '.ngram'] as const;

/**
 * Writes a model into a file, and the folders that it is in: all of it or nothing. `.ngram` becomes an image
 * (`encodeImage`), `.gz` is gzipped ARPA, any other ARPA.
 */
export async function writeNgramModel(
  path: string,
  model: NgramModel,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  try {
    if (path.endsWith('.ngram')) await writeFile(partial, encodeImage(model), { signal });
    else {
      const stages = path.endsWith('.gz') ? [createGzip()] : [];
      const streams = [Readable.from(arpaText(model)), ...stages, createWriteStream(partial)];
      await pipeline(streams, signal === undefined ? {} : { signal });
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
