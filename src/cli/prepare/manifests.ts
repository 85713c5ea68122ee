import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { normaliseText } from '../../alphabet/definition.ts';
import { decodeAudio } from '../../audio/decode.ts';
import { encodeWav } from '../../audio/wav.ts';
import type { Waveform } from '../../audio/waveform.ts';
import { type SourceClip, type Split, splits } from './corpus.ts';
import { type ByteOrder, decodeRaw, decodeSphere } from './sphere.ts';

export type ManifestOptions = {
  /** The `corpus` field of every row. */
  readonly corpus: string;
  /** Folder of the manifests and of recordings that had to be converted. */
  readonly out: string;
  readonly rawByteOrder?: ByteOrder;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
};

export type SplitSummary = {
  readonly split: Split;
  readonly clips: number;
  readonly hours: number;
};

const maxSeconds = 3600;
const faultsShown = 20;

/**
 * Writes `train.jsonl`, `dev.jsonl` and `test.jsonl` (those with clips): one JSON object a line, the
 * path relative to the manifest's folder. Durations come from decoding each recording. Nothing is
 * written before every clip is good, and then each file at once.
 * @throws Error listing the recordings that cannot be read
 */
export async function writeManifests(
  clips: readonly SourceClip[],
  options: ManifestOptions,
): Promise<SplitSummary[]> {
  const out = resolve(options.out);
  const lines: Record<Split, string[]> = { train: [], dev: [], test: [] };
  const seconds: Record<Split, number> = { train: 0, dev: 0, test: 0 };
  const faults: string[] = [];
  for (const [index, clip] of clips.entries()) {
    options.signal.throwIfAborted();
    try {
      const { path, duration } = await measure(clip, out, options.rawByteOrder);
      lines[clip.split].push(rowOf(clip, relative(out, path), duration, options.corpus));
      seconds[clip.split] += duration;
    } catch (error) {
      faults.push(`${clip.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
    options.onProgress(index + 1);
  }
  if (faults.length > 0) throw new Error(faultMessage(faults, clips.length));
  await mkdir(out, { recursive: true });
  const used = splits.filter((split) => lines[split].length > 0);
  for (const split of used) {
    await writeWhole(join(out, `${split}.jsonl`), `${lines[split].join('\n')}\n`);
  }
  return used.map((split) => ({
    split,
    clips: lines[split].length,
    hours: seconds[split] / 3600,
  }));
}

/** A clip's duration, and its path: its own, or that of the WAV made of a format few tools read. */
async function measure(
  clip: SourceClip,
  out: string,
  rawByteOrder: ByteOrder | undefined,
): Promise<{ path: string; duration: number }> {
  const bytes = await readFile(clip.path);
  const extension = extname(clip.path);
  if (extension !== '.sph' && extension !== '.raw') {
    return {
      path: resolve(clip.path),
      duration: secondsOf(await decodeAudio(bytes, { maxSeconds })),
    };
  }
  if (extension === '.raw' && rawByteOrder === undefined)
    throw new Error('its byte order is not in the file: give --raw-byte-order big or little');
  const waveform = extension === '.sph' ? decodeSphere(bytes) : decodeRaw(bytes, rawByteOrder!);
  const path = join(out, 'audio', clip.speaker, `${basename(clip.path, extension)}.wav`);
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, encodeWav(waveform));
  return { path, duration: secondsOf(waveform) };
}

function secondsOf({ samples, sampleRateHz }: Waveform): number {
  return samples.length / sampleRateHz;
}

function rowOf(clip: SourceClip, path: string, duration: number, corpus: string): string {
  return JSON.stringify({
    audio_filepath: path.split(sep).join('/'),
    duration: Number(duration.toFixed(3)),
    text: normaliseText(clip.text),
    speaker: clip.speaker,
    corpus,
  });
}

/** Writes beside the place and moves it there: a reader sees the old file or the new one, no half. */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

function faultMessage(faults: readonly string[], clips: number): string {
  const shown = faults.slice(0, faultsShown).map((fault) => `  ${fault}`);
  const rest = faults.length - shown.length;
  if (rest > 0) shown.push(`  and ${rest} more`);
  return `${faults.length} of ${clips} recordings cannot be used, no manifest written:\n${shown.join('\n')}`;
}
