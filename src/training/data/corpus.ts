import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { readAudioCache, writeAudioCache } from './audio-cache.ts';
import type { DecodedClip, DecodeTask } from './decode-worker.ts';
import { ManifestError, type ManifestRow, parseManifest } from './manifest.ts';
import { type PackedAudio, packAudio } from './packed-audio.ts';
import type { PackedFrameLabels } from './packed-frame-labels.ts';

/** A manifest with its recordings in memory: row i is clip i. */
export type Corpus = {
  readonly manifest: string;
  readonly rows: readonly ManifestRow[];
  readonly audio: PackedAudio;
  /** What each clip's frames are labelled with, where that is known. */
  readonly frameLabels?: PackedFrameLabels;
};

export type LoadOptions = {
  readonly sampleRateHz: number;
  /** Folder for decoded recordings; they are decoded again each time without it. */
  readonly cacheFolder?: string;
  /** Threads that decode; all cores by default. */
  readonly threads?: number;
  readonly onProgress?: (decoded: number, total: number) => void;
};

/** A recording to decode; `fail` makes the error for one that cannot be. */
type Item = {
  path: string;
  offsetSeconds: number | undefined;
  seconds: number | undefined;
  fail: (problem: string) => Error;
};

const clipsPerTask = 32;
const maxRecordingSeconds = 3600;

/**
 * Reads a manifest and decodes its recordings to mono at one rate, or takes them from the cache.
 * @throws ManifestError naming the line whose row is invalid or whose recording cannot be decoded.
 */
export async function loadCorpus(path: string, options: LoadOptions): Promise<Corpus> {
  const content = await readFile(path, 'utf8').catch((error: Error) => {
    throw new ManifestError(path, undefined, `cannot be read: ${error.message}`);
  });
  const rows = parseManifest(path, content);
  const items = rows.map((row) => ({
    path: row.audioPath,
    offsetSeconds: row.offsetSeconds,
    seconds: row.seconds,
    fail: (problem: string) => new ManifestError(path, row.line, `${row.audioPath}: ${problem}`),
  }));
  return { manifest: path, rows, audio: await loadItems(items, content, options) };
}

/**
 * Decodes recordings that have no manifest, background noise say.
 * @throws Error naming the recording that cannot be decoded.
 */
export async function loadRecordings(
  paths: readonly string[],
  options: LoadOptions,
): Promise<PackedAudio> {
  const items = paths.map((path) => ({
    path,
    offsetSeconds: undefined,
    seconds: undefined,
    fail: (problem: string) => new Error(`${path}: ${problem}`),
  }));
  return loadItems(items, paths.join('\n'), options);
}

async function loadItems(
  items: readonly Item[],
  content: string,
  options: LoadOptions,
): Promise<PackedAudio> {
  if (options.cacheFolder === undefined) return decodeItems(items, options);
  const key = createHash('sha256').update(content);
  // Sizes tell a corpus that was made again under the same manifest from the one in the cache.
  const sizes = await Promise.all(
    items.map(async (item) => (await stat(item.path).catch(() => undefined))?.size ?? -1),
  );
  for (const size of sizes) key.update(`\n${size}`);
  const name = `${key.digest('hex').slice(0, 24)}-${options.sampleRateHz}.pcm`;
  const file = join(options.cacheFolder, name);
  const cached = await readAudioCache(file, items.length, options.sampleRateHz);
  if (cached) return cached;
  const audio = await decodeItems(items, options);
  await writeAudioCache(file, audio);
  return audio;
}

async function decodeItems(items: readonly Item[], options: LoadOptions): Promise<PackedAudio> {
  const clips = new Array<Int16Array>(items.length);
  const pool = new Piscina<DecodeTask, DecodedClip[]>({
    filename: new URL('./decode-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: options.threads ?? availableParallelism(),
  });
  let decodedCount = 0;
  const decodeFrom = async (first: number) => {
    const part = items.slice(first, first + clipsPerTask);
    const decoded = await pool.run({
      sampleRateHz: options.sampleRateHz,
      maxSeconds: maxRecordingSeconds,
      clips: part.map(({ path, offsetSeconds, seconds }) => ({ path, offsetSeconds, seconds })),
    });
    for (const [index, clip] of decoded.entries()) {
      if ('problem' in clip) throw part[index]!.fail(clip.problem);
      clips[first + index] = clip.samples;
    }
    decodedCount += part.length;
    options.onProgress?.(decodedCount, items.length);
  };
  try {
    const starts = Array.from(
      { length: Math.ceil(items.length / clipsPerTask) },
      (_, task) => task * clipsPerTask,
    );
    await Promise.all(starts.map(decodeFrom));
  } finally {
    await pool.destroy();
  }
  return packAudio(options.sampleRateHz, clips);
}
