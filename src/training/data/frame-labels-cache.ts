import { readFile } from 'node:fs/promises';
import { writeWhole } from '../write-whole.ts';
import type { FrameTimes } from './frame-times.ts';
import type { PackedFrameLabels } from './packed-frame-labels.ts';

// Layout, little-endian as the machine: clips + 1 float64 offsets, then the labels.

/** The cache file's labels; undefined if there is none, or not of this many clips. */
export async function readFrameLabels(
  path: string,
  clips: number,
  times: FrameTimes,
): Promise<PackedFrameLabels | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    return undefined;
  }
  const offsets = new Float64Array(clips + 1);
  if (bytes.length < offsets.byteLength) return undefined;
  new Uint8Array(offsets.buffer).set(bytes.subarray(0, offsets.byteLength));
  const labelBytes = offsets[clips]! * Uint16Array.BYTES_PER_ELEMENT;
  if (bytes.length !== offsets.byteLength + labelBytes) return undefined;
  const labels = new Uint16Array(new SharedArrayBuffer(labelBytes));
  new Uint8Array(labels.buffer).set(bytes.subarray(offsets.byteLength));
  return { times, labels, offsets };
}

/** A reader sees all of it or none. */
export async function writeFrameLabels(
  path: string,
  { labels, offsets }: PackedFrameLabels,
): Promise<void> {
  const parts = [offsets, labels].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(new Uint8Array(buffer, byteOffset, byteLength)),
  );
  await writeWhole(path, Buffer.concat(parts));
}
