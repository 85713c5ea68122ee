import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import type { DecoderName } from '../decoding/decoder.ts';
import type { ErrorCode } from '../errors.ts';
import type { Comparison } from './comparison.ts';
import type { ModelFolder } from './model-folder.ts';
import type { PassName } from './passes.ts';
import type { Recognition, TextAlignment } from './recognizer.ts';
import type { RequestLimits } from './request-limits.ts';
import type {
  AlignmentOptions,
  ComparisonOptions,
  FeatureComparisonOptions,
  TranscriptionOptions,
} from './request-options.ts';

/** What a worker thread is started with. */
export type WorkerSetup = {
  readonly models: readonly ModelFolder[];
  readonly defaultModel: string | undefined;
  readonly maxAudioSeconds: number;
  /** None by default. */
  readonly limits?: RequestLimits;
};

/** What is to be heard. The bytes move to the worker; the sender no longer has them. */
export type Recording = { readonly encoding: 'recording'; readonly bytes: Uint8Array };

/** A matrix of features in an encoding that leaves its request's options to be said elsewhere. */
export type BinaryFeatures =
  | { readonly encoding: 'npy'; readonly bytes: Uint8Array }
  | {
      readonly encoding: 'raw';
      readonly bytes: Uint8Array;
      readonly shape: { readonly frames: number; readonly dims: number };
    };

/** Features that bring the request's options with them. */
export type JsonFeatures = { readonly encoding: 'json'; readonly bytes: Uint8Array };

/** What a worker can be asked to do. */
export type RecognitionTask =
  | ({ readonly kind: 'transcription' } & (
      | ((Recording | BinaryFeatures) & { readonly options: TranscriptionOptions })
      | JsonFeatures
    ))
  | ({ readonly kind: 'comparison' } & (
      | (Recording & { readonly options: ComparisonOptions })
      | (BinaryFeatures & { readonly options: FeatureComparisonOptions })
      | JsonFeatures
    ))
  | ({ readonly kind: 'alignment' } & Recording & { readonly options: AlignmentOptions });

type Done<Options, Result> = {
  /** The name of the model that was chosen. */
  readonly model: string;
  readonly options: Options;
  readonly result: Result;
};

/** What comes of each kind of task, and the options it was done under. */
export type Answers = {
  readonly transcription: Done<TranscriptionOptions, Recognition>;
  readonly comparison: Done<ComparisonOptions, Comparison>;
  readonly alignment: Done<AlignmentOptions, TextAlignment>;
};
export type TaskKind = keyof Answers;
export type TaskOf<Kind extends TaskKind> = Extract<RecognitionTask, { kind: Kind }>;

/** What the main thread must know of a loaded model. */
export type LoadedModel = {
  readonly name: string;
  readonly decoders: readonly DecoderName[];
  readonly passes: readonly LoadedPass[];
};

/** One acoustic model's features: their width, seconds from row to row, and how many rows may come. */
export type LoadedPass = {
  readonly name: PassName;
  readonly dims: number;
  readonly frameShiftSeconds: number;
  readonly maxFrames: number;
};

export type ToWorker = { readonly task: RecognitionTask; readonly control: Int32Array };

export type FromWorker =
  | { readonly kind: 'loaded'; readonly models: readonly LoadedModel[] }
  | { readonly kind: 'unloadable'; readonly message: string }
  | (TaskEnd & { readonly work: AcousticWork });

/** How a task ended. */
export type TaskEnd =
  | { readonly kind: 'answer'; readonly answer: Answers[TaskKind] }
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
