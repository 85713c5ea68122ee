import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { decodeAudio } from '../audio/decode.ts';
import { encodeWav } from '../audio/wav.ts';
import { readProcessModelSettings } from '../config.ts';
import { type DecoderName, decoderNames } from '../decoding/decoder.ts';
import { chooseModel } from '../recognition/model-choice.ts';
import {
  loadModelFolder,
  loadModelFolders,
  type ModelFolder,
} from '../recognition/model-folder.ts';
import type { Recognition } from '../recognition/recognizer.ts';
import type { TranscriptionOptions } from '../recognition/transcription-options.ts';
import { WorkerPool } from '../recognition/worker-pool.ts';
import { wholeNumber } from './options.ts';

/** The flags that commands which recognise have in common. */
export type RecognitionFlags = {
  readonly model?: string;
  readonly decoder: DecoderName;
  readonly threads: number;
};

export const modelOption = (): Option =>
  new Option('--model <folder|name>', 'a model folder, or a name in the models directory');

export const decoderOption = (): Option =>
  new Option('--decoder <name>', 'how text is found').choices(decoderNames).default('ctc_greedy');

export const threadsOption = (): Option =>
  new Option('--threads <count>', 'recordings recognised at once')
    .argParser(wholeNumber(1, 256))
    .default(availableParallelism(), 'the number of cores');

/** A recording, or the part of one that a manifest names. */
export type RecordingPart = {
  readonly path: string;
  readonly offsetSeconds?: number | undefined;
  readonly seconds?: number;
};

/** What became of one recording. */
export type Outcome =
  | { readonly recognition: Recognition; readonly error?: undefined }
  | { readonly recognition?: undefined; readonly error: Error };

/** Longer recordings are refused: a whole one is held in memory. */
export const maxRecordingSeconds = 3600;

/**
 * Opens the model that `--model` means: a folder with a model.json, else a name in the models
 * directory; without the flag the configured or the only one there.
 * @throws Error naming what was looked for; ConfigError where a setting about models cannot be used
 */
export async function openModel(wanted: string | undefined): Promise<ModelFolder> {
  const { modelsDirectory, defaultModel } = readProcessModelSettings();
  if (wanted === undefined) {
    return chooseModel(await loadModelFolders(modelsDirectory), defaultModel, {});
  }
  const folder = [wanted, join(modelsDirectory, wanted)].find((path) =>
    existsSync(join(path, 'model.json')),
  );
  if (folder === undefined)
    throw new Error(`no model.json in ${wanted} nor in ${join(modelsDirectory, wanted)}`);
  return loadModelFolder(folder);
}

/**
 * Recognises recordings in worker threads, the same ones that serve requests, so that what is measured
 * here is what clients get.
 * @param onOutcome called once for each recording, in any order
 * @throws the signal's reason once it is raised; recordings under way are finished first
 */
export async function recognizeAll(
  recordings: readonly RecordingPart[],
  options: {
    readonly model: ModelFolder;
    readonly decoder: DecoderName;
    readonly threads: number;
    readonly signal: AbortSignal;
    readonly onOutcome: (index: number, outcome: Outcome) => void;
  },
): Promise<void> {
  const { model, decoder, signal } = options;
  const threads = Math.max(1, Math.min(options.threads, recordings.length));
  const pool = new WorkerPool(
    { models: [model], defaultModel: model.name, maxAudioSeconds: maxRecordingSeconds },
    { workers: threads, queueLimit: threads },
  );
  const taskOptions: TranscriptionOptions = {
    decoder,
    response_format: 'json',
    timestamp_granularities: ['segment'],
  };
  const recognize = async (recording: RecordingPart): Promise<Outcome> => {
    try {
      const bytes = await bytesOf(recording);
      const answer = await pool.run({ kind: 'recording', bytes, options: taskOptions }, signal);
      return { recognition: answer.recognition };
    } catch (error) {
      signal.throwIfAborted();
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  };
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < recordings.length) {
      signal.throwIfAborted();
      const index = next++;
      options.onOutcome(index, await recognize(recordings[index]!));
    }
  };
  try {
    await pool.start();
    await Promise.all(Array.from({ length: threads }, lane));
  } finally {
    await pool.close();
  }
}

/** A whole recording's own bytes; a part is cut out as WAV. */
async function bytesOf({ path, offsetSeconds, seconds }: RecordingPart): Promise<Uint8Array> {
  const bytes = new Uint8Array(await readFile(path));
  if (offsetSeconds === undefined) return bytes;
  const { sampleRateHz, samples } = await decodeAudio(bytes, { maxSeconds: maxRecordingSeconds });
  const start = Math.round(offsetSeconds * sampleRateHz);
  const length = Math.round((seconds ?? Number.POSITIVE_INFINITY) * sampleRateHz);
  return encodeWav({ sampleRateHz, samples: samples.subarray(start, start + length) });
}
