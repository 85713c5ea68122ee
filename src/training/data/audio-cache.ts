import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PackedAudio } from './packed-audio.ts';

// Layout, little-endian as the machine: 4 uint32 (magic, version, sample rate, clips), then clips + 1
// float64 offsets, then the samples.
const magic = 0x736f7269;
const version = 1;
const headerBytes = 16;
const chunkBytes = 64 * 1024 * 1024;

/** The cache file's audio; undefined if there is none, or not of this many clips at this rate. */
export async function readAudioCache(
  path: string,
  clips: number,
  sampleRateHz: number,
): Promise<PackedAudio | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const header = new Uint32Array(headerBytes / Uint32Array.BYTES_PER_ELEMENT);
    await readFully(file, new Uint8Array(header.buffer), 0);
    const expected = [magic, version, sampleRateHz, clips];
    if (expected.some((value, index) => header[index] !== value)) return undefined;
    const offsets = new Float64Array(clips + 1);
    await readFully(file, new Uint8Array(offsets.buffer), headerBytes);
    const sampleBytes = offsets[clips]! * Int16Array.BYTES_PER_ELEMENT;
    const start = headerBytes + offsets.byteLength;
    if ((await file.stat()).size !== start + sampleBytes) return undefined;
    const samples = new Int16Array(new SharedArrayBuffer(sampleBytes));
    await readFully(file, new Uint8Array(samples.buffer), start);
    return { sampleRateHz, samples, offsets };
  } finally {
    await file.close();
  }
}

/** Writes audio beside its place, then moves it there: a reader sees all of it or none. */
export async function writeAudioCache(path: string, audio: PackedAudio): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  try {
    const file = await open(partial, 'w');
    try {
      const clips = audio.offsets.length - 1;
      await file.writeFile(new Uint32Array([magic, version, audio.sampleRateHz, clips]));
      await file.writeFile(audio.offsets);
      for (let start = 0; start < audio.samples.byteLength; start += chunkBytes) {
        const bytes = Math.min(chunkBytes, audio.samples.byteLength - start);
        await file.writeFile(new Uint8Array(audio.samples.buffer, start, bytes));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

async function readFully(file: FileHandle, target: Uint8Array, position: number): Promise<void> {
  let filled = 0;
  while (filled < target.byteLength) {
    const length = Math.min(chunkBytes, target.byteLength - filled);
    const { bytesRead } = await file.read(target, filled, length, position + filled);
    if (bytesRead === 0) throw new Error('The cache file ended too early.');
    filled += bytesRead;
  }
}
