import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNgramModel } from '../../../src/language/ngram/arpa-writer.ts';
import { loadNgramModel } from '../../../src/language/ngram/load.ts';
import { decodeImage, encodeImage, ImageError } from '../../../src/language/ngram/model-image.ts';
import { type NgramModel, noSource } from '../../../src/language/ngram/ngram-model.ts';
import { NgramScorer } from '../../../src/language/ngram/ngram-scorer.ts';
import { maxLineBytes, readLines } from '../../../src/language/ngram/text-lines.ts';
import { Random } from '../../../src/math/random.ts';
import { asArpa, estimated, parseArpa, randomText } from './made-up-models.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sori-ngram-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);
function write(name: string, content: string | Uint8Array): string {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
}
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** Large enough for several reads of its file. */
const model = estimated(
  randomText(
    new Random(1),
    3500,
    Array.from({ length: 500 }, (_, word) => `wörd${word}`),
  ),
  3,
);
const arpa = asArpa(model);

/** A model's image has every bit of it. */
const expectSame = (one: NgramModel, other: NgramModel) =>
  expect(Buffer.compare(encodeImage(one), encodeImage(other))).toBe(0);

describe('loadNgramModel', () => {
  it('reads plain and gzipped files as the same model', async () => {
    expect(arpa.length).toBeGreaterThan(2 ** 18);
    const zipped = gzipSync(arpa);
    const plain = await loadNgramModel(write('model.arpa', arpa));
    expectSame(plain, { ...model, sourceSha256: sha256(arpa) });
    const unzipped = await loadNgramModel(write('no-matter-the-name', zipped));
    expectSame(unzipped, { ...model, sourceSha256: sha256(zipped) });
  });

  it('reads gzip of several members', async () => {
    const halves = [arpa.slice(0, 1000), arpa.slice(1000)].map((half) => gzipSync(half));
    const loaded = await loadNgramModel(write('model.gz', Buffer.concat(halves)));
    expectSame({ ...loaded, sourceSha256: noSource }, model);
  });

  it.each([
    [
      'cut short',
      (zipped: Buffer) => zipped.subarray(0, zipped.length - 1000),
      /:\d{4,}: .*got their end/u,
    ],
    ['damaged', (zipped: Buffer) => Buffer.from(zipped).fill(0xff, 9000, 9100), /:\d+: expected /u],
    ['of no data', (zipped: Buffer) => zipped.subarray(0, 12), /:1: .*got their end/u],
  ])('refuses gzip that is %s, with the line that it came to', async (_, damage, message) => {
    const path = write('model.arpa.gz', damage(gzipSync(arpa)));
    await expect(loadNgramModel(path)).rejects.toThrow(message);
  });

  it('says which line is not UTF-8', async () => {
    const bytes = Buffer.from(arpa);
    const line = 5000;
    const at = arpa.split('\n').slice(0, line).join('\n').length;
    bytes[Buffer.byteLength(arpa.slice(0, at)) - 1] = 0xff;
    const path = write('model.arpa', bytes);
    await expect(loadNgramModel(path)).rejects.toThrow(`${path}:${line}: expected UTF-8`);
  });

  it('says that there is no such file', async () => {
    await expect(loadNgramModel(inFolder('none'))).rejects.toThrow(/none: cannot be read: ENOENT/u);
    await expect(loadNgramModel(folder)).rejects.toThrow(/cannot be read: EISDIR/u);
  });

  it('stops when it is asked to', async () => {
    const path = write('model.arpa', arpa);
    const stop = new AbortController();
    const loading = loadNgramModel(path, {
      signal: stop.signal,
      onBytes: () => stop.abort(new Error('enough')),
    });
    await expect(loading).rejects.toThrow('enough');
  });

  it('reads an image as the model that it was made of, whatever its source', async () => {
    const image = write('model.ngram', encodeImage(model));
    expectSame(await loadNgramModel(image), model);
    const loaded = new NgramScorer(await loadNgramModel(image));
    const original = new NgramScorer(model);
    const state = loaded.next(loaded.start, 0);
    expect(state).toBe(original.next(original.start, 0));
    expect(loaded.weightOf(state, 7)).toBe(original.weightOf(state, 7));
  });

  it('refuses an image that is damaged or cut, naming the file', async () => {
    const image = encodeImage(model);
    const path = write('model.ngram', image.subarray(0, image.length - 4));
    await expect(loadNgramModel(path)).rejects.toThrow(/model\.ngram: expected the checksum/u);
  });
});

describe('the cache of an ARPA file', () => {
  const load = () =>
    loadNgramModel(inFolder('model.arpa'), { cache: join(folder, 'cache', 'model.ngram') });
  const cacheFile = () => inFolder('cache/model.ngram');

  it('is written at first and then read, the same to the bit', async () => {
    write('model.arpa', arpa);
    const first = await load();
    const written = readFileSync(cacheFile());
    expectSame(first, { ...model, sourceSha256: sha256(arpa) });
    expectSame(decodeImage(written, sha256(arpa)), first);
    const { ino } = statSync(cacheFile());
    expectSame(await load(), first);
    expect(statSync(cacheFile()).ino).toBe(ino);
    expect(readdirSync(inFolder('cache'))).toEqual(['model.ngram']);
  });

  it('is written anew when the file has changed', async () => {
    write('model.arpa', arpa);
    await load();
    const other = asArpa(estimated([['another']], 2));
    write('model.arpa', other);
    expect((await load()).vocabulary.words).toEqual(['another']);
    expect(decodeImage(readFileSync(cacheFile())).sourceSha256).toBe(sha256(other));
  });

  it('is written anew when it is damaged', async () => {
    write('model.arpa', arpa);
    const first = await load();
    const good = readFileSync(cacheFile());
    for (const bad of [good.subarray(0, 100), Buffer.from(good).fill(1, 5000, 5004), Buffer.of()]) {
      writeFileSync(cacheFile(), bad);
      expectSame(await load(), first);
      expect(readFileSync(cacheFile()).equals(good)).toBe(true);
    }
  });

  it('that cannot be written is done without', async () => {
    write('cache', 'a file where its folder should be');
    write('model.arpa', arpa);
    expectSame({ ...(await load()), sourceSha256: noSource }, model);
  });
});

describe('an image', () => {
  it('is refused for another version, another source, and for any byte that has changed', () => {
    const image = encodeImage(parseArpa(asArpa(estimated([['a', 'b'], ['b']], 2))));
    expect(() => decodeImage(image, 'ab'.repeat(32))).toThrow(/of the file with SHA-256 abab/u);
    expect(decodeImage(image, noSource).vocabulary.words).toEqual(['a', 'b']);
    const version = Uint8Array.from(image);
    version[8] = 2;
    expect(() => decodeImage(version)).toThrow('expected version 1 of the format, got 2');
    for (let at = 0; at < image.length; at++) {
      const damaged = Uint8Array.from(image);
      damaged[at]! ^= 0x10;
      expect(() => decodeImage(damaged)).toThrow(ImageError);
    }
    for (let length = 0; length < image.length; length += 5) {
      expect(() => decodeImage(image.subarray(0, length))).toThrow(ImageError);
    }
  });

  it('may stand anywhere in memory, also in memory that threads share', () => {
    const image = encodeImage(model);
    const shifted = new Uint8Array(image.length + 3).subarray(3);
    shifted.set(image);
    expectSame(decodeImage(shifted), model);
    const shared = new Uint8Array(new SharedArrayBuffer(image.length));
    shared.set(image);
    expectSame(decodeImage(shared), model);
  });

  it('of a model without words is one too', () => {
    const endOnly = parseArpa('\\data\\\nngram 1=1\n\\1-grams:\n0 </s>\n\\end\\');
    expect(decodeImage(encodeImage(endOnly))).toEqual(endOnly);
  });
});

describe('writeNgramModel', () => {
  it('writes by the name, in folders that it makes, the same bytes each time', async () => {
    for (const name of ['a/model.arpa', 'a/model.arpa.gz', 'a/b/model.ngram']) {
      await writeNgramModel(inFolder(name), model);
      const first = readFileSync(inFolder(name));
      await writeNgramModel(inFolder(name), model);
      expect(readFileSync(inFolder(name)).equals(first)).toBe(true);
      const loaded = await loadNgramModel(inFolder(name));
      expectSame({ ...loaded, sourceSha256: noSource }, model);
    }
    expect(readdirSync(inFolder('a')).sort()).toEqual(['b', 'model.arpa', 'model.arpa.gz']);
  });

  it('leaves nothing half-written when it is stopped', async () => {
    for (const name of ['model.arpa.gz', 'model.ngram']) {
      const stopped = AbortSignal.abort(new Error('enough'));
      await expect(writeNgramModel(inFolder(name), model, stopped)).rejects.toThrow();
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('readLines', () => {
  const linesOf = async (path: string) => {
    const all: string[] = [];
    for await (const { firstLine, lines } of readLines(path)) {
      expect(firstLine).toBe(all.length + 1);
      all.push(...lines);
    }
    return all;
  };

  it('gives the lines of a file without their ends and its byte-order mark', async () => {
    expect(await linesOf(write('a', '\ufeffone\r\n\r\n두 \ufeff\nthree'))).toEqual([
      'one',
      '',
      '두 \ufeff',
      'three',
    ]);
    expect(await linesOf(write('b', 'one\n'))).toEqual(['one']);
    expect(await linesOf(write('c', ''))).toEqual([]);
  });

  it('cuts no line where the file is read in pieces', async () => {
    const random = new Random(3);
    const lines = Array.from({ length: 3000 }, () => 'é'.repeat(random.integer(400)));
    expect(await linesOf(write('a', `${lines.join('\n')}\n`))).toEqual(lines);
  });

  it('refuses a line without end before it fills the memory', async () => {
    const path = write('a', `short\n${'x'.repeat(maxLineBytes + 1)}`);
    await expect(linesOf(path)).rejects.toThrow(`${path}:2: expected lines of at most`);
  });
});
