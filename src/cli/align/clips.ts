import { basename, dirname, extname, isAbsolute, relative } from 'node:path';
import type { AlignerName } from '../../decoding/aligner.ts';
import { wordsOf } from '../../evaluation/word-error-rate.ts';
import { chooseModel } from '../../recognition/model-choice.ts';
import type { ModelFolder } from '../../recognition/model-folder.ts';
import { chooseRows } from '../evaluation/rows.ts';
import { type RecordingPart, workThroughRecordings } from '../recording-tasks.ts';
import { type AlignedClip, wordsFrom } from './aligned-clip.ts';

export type ClipToAlign = RecordingPart & { readonly recording: string; readonly text: string };

export function clipOfFile(path: string, text: string): ClipToAlign {
  return { path, recording: basename(path, extname(path)), text: wordsOf(text).join(' ') };
}

/** The clips of a manifest; their recordings are named by their paths from the manifest's folder. */
export async function clipsOfManifest(
  model: ModelFolder,
  manifest: string,
  only: 'all' | 'vocabulary',
): Promise<ClipToAlign[]> {
  const { rows } = await chooseRows({ model, manifests: [manifest], only, falseWords: false });
  return rows.map(({ audioPath, offsetSeconds, seconds, words }) => {
    const path = relative(dirname(manifest), audioPath);
    const isBelow = !path.startsWith('..') && !isAbsolute(path);
    const named = isBelow ? path : basename(audioPath);
    return {
      path: audioPath,
      offsetSeconds,
      seconds,
      recording: named.slice(0, named.length - extname(named).length),
      text: words.join(' '),
    };
  });
}

export type AlignedClips = {
  readonly method: AlignerName;
  /** In the order of the clips. */
  readonly aligned: readonly AlignedClip[];
  /** The clips that cannot be aligned, and why. */
  readonly faults: readonly { readonly path: string; readonly message: string }[];
};

/** @throws SoriError where the model cannot align by the method */
export async function alignClips(
  clips: readonly ClipToAlign[],
  options: {
    readonly model: ModelFolder;
    readonly method: AlignerName;
    readonly threads: number;
    readonly signal: AbortSignal;
    /** Called after each clip. */
    readonly onProgress: (done: number) => void;
  },
): Promise<AlignedClips> {
  const { model, method, threads, signal, onProgress } = options;
  chooseModel([model], model.name, { method });
  const outcomes: (AlignedClip | { readonly path: string; readonly message: string })[] = [];
  let done = 0;
  await workThroughRecordings<'alignment'>(clips, {
    model,
    threads,
    signal,
    taskOf: (bytes, index) => ({
      kind: 'alignment',
      encoding: 'recording',
      bytes,
      options: { model: model.name, text: clips[index]!.text, method, include: [] },
    }),
    onOutcome: (index, { result, error }) => {
      const { path, recording, text, offsetSeconds = 0 } = clips[index]!;
      outcomes[index] =
        error !== undefined
          ? { path, message: error.message }
          : {
              file: path,
              recording,
              text,
              model: model.name,
              method,
              startSeconds: offsetSeconds,
              durationSeconds: result.durationSeconds,
              words: wordsFrom(offsetSeconds, result.alignment),
              score: result.alignment.score,
            };
      onProgress(++done);
    },
  });
  return {
    method,
    aligned: outcomes.filter((outcome) => 'words' in outcome),
    faults: outcomes.filter((outcome) => 'message' in outcome),
  };
}
