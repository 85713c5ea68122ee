import { createHash } from 'node:crypto';
import { type NgramModel, vocabularyOf } from './ngram-model.ts';

/**
 * A model as one run of bytes, which is loaded by laying arrays over it. Little-endian, in this order:
 *
 *     magic                  8 bytes, "SoriNgrm"
 *     version                uint32
 *     order, words, flags    uint32 each; flags: 1 has <s>, 2 has <unk>
 *     text                   uint32, bytes of the words at the end
 *     reserved               4 bytes, 0
 *     source                 32 bytes, SHA-256 of the ARPA file, or zeros
 *     checksum               32 bytes, SHA-256 of everything else
 *     levels                 uint32 × (order + 2), as in NgramTree
 *     words, suffix          uint32 × nodes each
 *     logProbs               float32 × nodes
 *     logBackoffs            float32 × levels[order]
 *     firstChild             uint32 × (levels[order] + 1)
 *     text                   UTF-8, the words that can be said, a newline behind each
 */
const magic = Buffer.from('SoriNgrm', 'latin1');
const version = 1;
const headerBytes = 96;
const sourceAt = 32;
const checksumAt = 64;
const hashBytes = 32;

/** An image that is not what it should be; the message says what was expected and what came. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** Whether a file that begins with these bytes is an image; the first eight are enough. */
export function isImage(bytes: Uint8Array): boolean {
  return magic.equals(bytes.subarray(0, magic.length));
}

export function encodeImage({
  vocabulary,
  tree,
  logProbs,
  logBackoffs,
  sourceSha256,
}: NgramModel): Uint8Array {
  const text = Buffer.from(vocabulary.words.map((word) => `${word}\n`).join(''));
  const flags = (vocabulary.begin < 0 ? 0 : 1) + (vocabulary.unknown < 0 ? 0 : 2);
  const numbers = Uint32Array.of(
    version,
    tree.order,
    vocabulary.words.length,
    flags,
    text.length,
    0,
  );
  const arrays = [tree.levels, tree.words, tree.suffix, logProbs, logBackoffs, tree.firstChild];
  const image = Buffer.concat([
    magic,
    bytesOf(numbers),
    Buffer.from(sourceSha256, 'hex'),
    Buffer.alloc(hashBytes),
    ...arrays.map(bytesOf),
    text,
  ]);
  image.set(checksumOf(image), checksumAt);
  return image;
}

/**
 * The model in an image, its arrays parts of the image's memory.
 *
 * @param sourceSha256 of the file that the image has to be of; by default it may be of any
 * @throws ImageError when it is of another version or file, damaged or cut short
 */
export function decodeImage(image: Uint8Array, sourceSha256?: string): NgramModel {
  if (!isImage(image) || image.length < headerBytes) {
    throw new ImageError('expected a model that sori lm wrote, got something else');
  }
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const number = (index: number) => view.getUint32(magic.length + 4 * index, true);
  if (number(0) !== version) {
    throw new ImageError(`expected version ${version} of the format, got ${number(0)}`);
  }
  const source = Buffer.from(image.subarray(sourceAt, sourceAt + hashBytes)).toString('hex');
  if (sourceSha256 !== undefined && source !== sourceSha256) {
    throw new ImageError(
      `expected a model of the file with SHA-256 ${sourceSha256}, got ${source}`,
    );
  }
  if (!checksumOf(image).equals(image.subarray(checksumAt, checksumAt + hashBytes))) {
    throw new ImageError('expected the checksum of its header, got another: it is damaged or cut');
  }
  // Arrays have to begin at a multiple of four bytes, which a small file's place in memory may not be.
  const aligned = image.byteOffset % 4 === 0 ? image : Uint8Array.from(image);
  return layOver(aligned, number(1), number(2), number(3), number(4), source);
}

function layOver(
  image: Uint8Array,
  order: number,
  wordCount: number,
  flags: number,
  textBytes: number,
  sourceSha256: string,
): NgramModel {
  let at = headerBytes;
  const take = <Numbers>(
    kind: new (buffer: ArrayBufferLike, from: number, length: number) => Numbers,
    length: number,
  ): Numbers => {
    const numbers = new kind(image.buffer, image.byteOffset + at, length);
    at += 4 * length;
    return numbers;
  };
  const levels = take(Uint32Array, order + 2);
  const nodes = levels[order + 1]!;
  const inner = levels[order]!;
  const words = take(Uint32Array, nodes);
  const suffix = take(Uint32Array, nodes);
  const logProbs = take(Float32Array, nodes);
  const logBackoffs = take(Float32Array, inner);
  const firstChild = take(Uint32Array, inner + 1);
  const text = Buffer.from(image.buffer, image.byteOffset + at, textBytes).toString('utf8');
  const vocabulary = vocabularyOf(wordCount === 0 ? [] : text.slice(0, -1).split('\n'), {
    hasBegin: (flags & 1) !== 0,
    hasUnknown: (flags & 2) !== 0,
  });
  const tree = { order, levels, words, firstChild, suffix };
  return { vocabulary, tree, logProbs, logBackoffs, sourceSha256 };
}

function bytesOf(numbers: Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function checksumOf(image: Uint8Array): Buffer {
  const hash = createHash('sha256');
  hash.update(image.subarray(0, checksumAt)).update(image.subarray(checksumAt + hashBytes));
  return hash.digest();
}
