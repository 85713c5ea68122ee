import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodeWav } from '../../../src/audio/wav.ts';
import { Random } from '../../../src/math/random.ts';

/** A folder of its own for one test, removed by `remove`. */
export type Tree = { readonly root: string; readonly remove: () => void };

/** Makes a folder with these files (path → content) under the system's temporary folder. */
export function plantTree(files: Record<string, string | Uint8Array>): Tree {
  const root = mkdtempSync(join(tmpdir(), 'sori-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** 16-bit noise of that length: what a corpus's recording is to a program that only measures it. */
export function noise(seconds: number, sampleRateHz = 8000, seed = 1): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float32Array.from(
    { length: Math.round(seconds * sampleRateHz) },
    () => (random.integer(2000) - 1000) / 32768,
  );
}

export function wav(seconds: number, sampleRateHz = 8000): Uint8Array {
  return encodeWav({ sampleRateHz, samples: noise(seconds, sampleRateHz) });
}

/** 16-bit samples in one byte order, without a header. */
export function pcm(samples: Float32Array, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((value, index) => {
    view.setInt16(index * 2, value * 32768, littleEndian);
  });
  return new Uint8Array(view.buffer);
}

/** A NIST SPHERE file of 16 kHz, big-endian, as AN4's are; fields replace or (null) remove. */
export function sphere(
  samples: Float32Array,
  fields: Record<string, string | null> = {},
): Uint8Array {
  const all: Record<string, string | null> = {
    database_id: '-s3 AN4',
    channel_count: '-i 1',
    sample_count: `-i ${samples.length}`,
    sample_rate: '-i 16000',
    sample_n_bytes: '-i 2',
    sample_byte_format: '-s2 10',
    sample_coding: '-s3 pcm',
    ...fields,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}\n`);
  const header = `NIST_1A\n   1024\n${lines.join('')}end_head\n`.padEnd(1024);
  return Buffer.concat([Buffer.from(header, 'latin1'), pcm(samples, false)]);
}
