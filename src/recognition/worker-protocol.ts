import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import type { DecoderName } from '../decoding/decoder.ts';
import type { ErrorCode } from '../errors.ts';
import type { Comparison } from './comparison.ts';
import type { ModelFolder } from './model-folder.ts';
import type { PassName } from './passes.ts';
import type { Emissions, Recognition, TextAlignment } from './recognizer.ts';
import type { RequestLimits } from './request-limits.ts';
import type {
  AlignmentOptions,
  ComparisonOptions,
  EmissionsOptions,
  FeatureComparisonOptions,
  TranscriptionOptions,
} from './request-options.ts';

/** What the threads of a pool are to serve. */
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
  | ({ readonly kind: 'alignment' } & Recording & { readonly options: AlignmentOptions })
  | ({ readonly kind: 'emissions' } & (
      | ((Recording | BinaryFeatures) & { readonly options: EmissionsOptions })
      | JsonFeatures
    ));

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
  readonly emissions: Done<EmissionsOptions, Emissions>;
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
  /** Sequences that it may hear at once. */
  readonly batch: number;
};

/** What a worker thread gets as its `workerData`. */
export type WorkerStart = {
  readonly setup: WorkerSetup;
  /** Tasks that it may get at once. */
  readonly batch: number;
  /** Of its `ThreadControl`. */
  readonly control: SharedArrayBuffer;
};

export type ToWorker =
  /** Sent to a thread that has no task; a task's place is its index. */
  | { readonly kind: 'tasks'; readonly tasks: readonly RecognitionTask[] }
  /** Release the models and end; sent to a thread that has no task. */
  | { readonly kind: 'end' };

export type FromWorker =
  | { readonly kind: 'loaded'; readonly models: readonly LoadedModel[] }
  | { readonly kind: 'unloadable'; readonly message: string }
  | {
      readonly kind: 'ended';
      readonly place: number;
      readonly end: TaskEnd;
      /** Runs of graphs that the task had a part in, and the sequences in them. */
      readonly shared: AcousticWork;
      /** What graphs have done since the thread last told. */
      readonly work: AcousticWork;
    };

/** How a task ended. */
export type TaskEnd =
  | { readonly kind: 'answer'; readonly answer: Answers[TaskKind] }
  | {
      readonly kind: 'refusal';
      readonly code: ErrorCode;
      readonly message: string;
      readonly param: string | null;
    }
  /** It was told to stop. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failure'; readonly message: string; readonly stack: string | undefined };
