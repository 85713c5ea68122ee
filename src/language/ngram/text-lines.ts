import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Some lines of a file, without their ends. */
export type LineBlock = {
  /** Number of the first of them, from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
};

export type LineOptions = {
  /** Is given the bytes of the file as it is on the disk. */
  readonly hash?: Hash;
  /** Called with how many bytes of the file have been read. */
  readonly onBytes?: (bytes: number) => void;
};

/** A text file that cannot be used; the message names file and line. */
export class TextFileError extends Error {
  override readonly name = 'TextFileError';
  /** From 1; undefined when the file as a whole is at fault. */
  readonly line: number | undefined;

  constructor(path: string, line: number | undefined, problem: string, cause?: unknown) {
    const where = line === undefined ? path : `${path}:${line}`;
    super(`${where}: ${problem}`, cause === undefined ? undefined : { cause });
    this.line = line;
  }
}

/** A longer line is taken for a file of another kind, before it fills the memory. */
export const maxLineBytes = 1 << 20;

const newline = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The lines of a UTF-8 file, plain or gzipped (which its first bytes tell), block by block: never more of it
 * in memory than a block and a line. Lines end in `\n` or `\r\n`; a byte-order mark is no part of the first.
 *
 * @throws TextFileError where the file cannot be read, its gzip data are damaged or cut short, its text is not
 *   UTF-8, or a line is longer than `maxLineBytes`
 */
export async function* readLines(
  path: string,
  options: LineOptions = {},
): AsyncGenerator<LineBlock> {
  let line = 1;
  let carry: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of await openBytes(path, options)) {
      const end = chunk.lastIndexOf(newline);
      if (end < 0) carry = Buffer.concat([carry, chunk]);
      else {
        const block = decodeBlock(path, line, Buffer.concat([carry, chunk.subarray(0, end)]));
        carry = Buffer.from(chunk.subarray(end + 1));
        yield block;
        line += block.lines.length;
      }
      checkLength(path, line, carry.length);
    }
  } catch (error) {
    throw describeFailure(path, line, error);
  }
  if (carry.length > 0) yield decodeBlock(path, line, carry);
}

async function openBytes(path: string, options: LineOptions): Promise<AsyncIterable<Buffer>> {
  const handle = await open(path);
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  await handle.close();
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const isGzip = buffer[0] === 0x1f && buffer[1] === 0x8b;
  const watched = (bytes: AsyncIterable<Buffer>) => watch(bytes, options);
  // What goes wrong in the pipeline is thrown where its end is read.
  return isGzip ? pipeline(file, watched, createGunzip(), () => {}) : watched(file);
}

async function* watch(
  bytes: AsyncIterable<Buffer>,
  { hash, onBytes }: LineOptions,
): AsyncGenerator<Buffer> {
  let count = 0;
  for await (const chunk of bytes) {
    hash?.update(chunk);
    count += chunk.length;
    onBytes?.(count);
    yield chunk;
  }
}

function decodeBlock(path: string, firstLine: number, bytes: Buffer): LineBlock {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new TextFileError(path, firstLine + badLineOf(bytes), 'expected UTF-8, got other bytes');
  }
  if (firstLine === 1 && text.startsWith('\ufeff')) text = text.slice(1);
  const lines = text.split('\n');
  for (const [index, content] of lines.entries()) {
    checkLength(path, firstLine + index, content.length);
    if (content.endsWith('\r')) lines[index] = content.slice(0, -1);
  }
  return { firstLine, lines };
}

/** How many lines stand before the first that is not UTF-8. */
function badLineOf(bytes: Buffer): number {
  let start = 0;
  for (let line = 0; ; line++) {
    const end = bytes.indexOf(newline, start);
    try {
      utf8.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
  }
}

function checkLength(path: string, line: number, length: number): void {
  if (length <= maxLineBytes) return;
  throw new TextFileError(
    path,
    line,
    `expected lines of at most ${maxLineBytes} bytes, got a longer one`,
  );
}

function describeFailure(path: string, line: number, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TextFileError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') {
    return new TextFileError(path, line, 'expected gzip data to go on, got their end', error);
  }
  if (code.startsWith('Z_')) {
    return new TextFileError(path, line, `expected gzip data, got ${error.message}`, error);
  }
  return new TextFileError(path, undefined, `cannot be read: ${error.message}`, error);
}
