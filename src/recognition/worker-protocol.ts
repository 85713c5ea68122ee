import type { ErrorCode } from '../errors.ts';
import type { ModelFolder } from './model-folder.ts';
import type { Recognition } from './recognizer.ts';
import type { TranscriptionOptions } from './transcription-options.ts';

/** What a worker thread is started with. */
export type WorkerSetup = {
  readonly models: readonly ModelFolder[];
  readonly defaultModel: string | undefined;
  readonly maxAudioSeconds: number;
};

/** What is to be transcribed. The bytes move to the worker; the sender no longer has them. */
export type RecognitionTask =
  | {
      readonly kind: 'recording';
      readonly bytes: Uint8Array;
      readonly options: TranscriptionOptions;
    }
  | {
      readonly kind: 'npy-features';
      readonly bytes: Uint8Array;
      readonly options: TranscriptionOptions;
    }
  | {
      readonly kind: 'raw-features';
      readonly bytes: Uint8Array;
      readonly shape: { readonly frames: number; readonly dims: number };
      readonly options: TranscriptionOptions;
    }
  /** The body carries its options itself. */
  | { readonly kind: 'json-features'; readonly bytes: Uint8Array };

/** A finished recognition and the options it was done under. */
export type RecognitionAnswer = {
  readonly model: string;
  readonly options: TranscriptionOptions;
  readonly recognition: Recognition;
};

/** What the main thread must know of a loaded model. */
export type LoadedModel = {
  readonly name: string;
  readonly dims: number;
  readonly frameShiftSeconds: number;
  readonly decoders: readonly string[];
  readonly maxFrames: number;
};

export type ToWorker = { readonly task: RecognitionTask; readonly control: Int32Array };

export type FromWorker =
  | { readonly kind: 'loaded'; readonly models: readonly LoadedModel[] }
  | { readonly kind: 'unloadable'; readonly message: string }
  | { readonly kind: 'answer'; readonly answer: RecognitionAnswer }
  | {
      readonly kind: 'refusal';
      readonly code: ErrorCode;
      readonly message: string;
      readonly param: string | null;
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failure'; readonly message: string; readonly stack: string | undefined };

/**
 * Shared memory between the two threads, one for each task. A thread that runs an ONNX graph must not be
 * terminated: ONNX Runtime aborts the whole process when its thread's environment is gone as it returns.
 * So the main thread raises `cancelled`, the worker looks at it between stages, and it says in `native`
 * when it is inside a graph. The worker raises `native` before it looks, so whoever sees `native` down
 * after raising `cancelled` knows that no graph will be entered any more.
 */
export const controlField = { cancelled: 0, native: 1 } as const;

export function newControl(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}
