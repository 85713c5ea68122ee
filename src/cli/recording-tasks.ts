import { readFile } from 'node:fs/promises';
import { decodeAudio } from '../audio/decode.ts';
import { encodeWav } from '../audio/wav.ts';
import type { ModelFolder } from '../recognition/model-folder.ts';
import { WorkerPool } from '../recognition/worker-pool.ts';
import type { Answers, RecognitionTask, TaskKind } from '../recognition/worker-protocol.ts';

/** A recording, or the part of one that a manifest names. */
export type RecordingPart = {
  readonly path: string;
  readonly offsetSeconds?: number | undefined;
  readonly seconds?: number;
};

/** What became of one recording. */
export type TaskOutcome<Kind extends TaskKind> =
  | { readonly result: Answers[Kind]['result']; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: Error };

/** Longer recordings are refused: a whole one is held in memory. */
export const maxRecordingSeconds = 3600;

/**
 * Has recordings worked on in worker threads, the same ones that serve requests, so that what is measured
 * here is what clients get.
 * @param taskOf what is to be done with the recording of that index
 * @param onOutcome called once for each recording, in any order
 * @throws the signal's reason once it is raised; recordings under way are finished first
 */
export async function workThroughRecordings<Kind extends TaskKind>(
  recordings: readonly RecordingPart[],
  options: {
    readonly model: ModelFolder;
    readonly threads: number;
    readonly signal: AbortSignal;
    readonly taskOf: (bytes: Uint8Array, index: number) => RecognitionTask & { kind: Kind };
    readonly onOutcome: (index: number, outcome: TaskOutcome<Kind>) => void;
  },
): Promise<void> {
  const { model, signal, taskOf, onOutcome } = options;
  const threads = Math.max(1, Math.min(options.threads, recordings.length));
  const pool = new WorkerPool(
    { models: [model], defaultModel: model.name, maxAudioSeconds: maxRecordingSeconds },
    { workers: threads, queueLimit: threads },
  );
  const work = async (index: number): Promise<TaskOutcome<Kind>> => {
    try {
      const bytes = await bytesOf(recordings[index]!);
      const answer = await pool.run(taskOf(bytes, index), signal);
      return { result: answer.result };
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
      onOutcome(index, await work(index));
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

/** Passes outcomes on in the order of their recordings, each as soon as those before it are there. */
export function inOrder<Outcome>(
  onOutcome: (index: number, outcome: Outcome) => void,
): (index: number, outcome: Outcome) => void {
  const waiting = new Map<number, Outcome>();
  let next = 0;
  return (index, outcome) => {
    waiting.set(index, outcome);
    for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
      waiting.delete(next);
      onOutcome(next++, ready);
    }
  };
}
