import { SoriError } from '../errors.ts';
import { wordsOf } from '../evaluation/word-error-rate.ts';
import {
  comparisonParts,
  emissionsParts,
  type MatrixReader,
  transcriptionParts,
} from './feature-bodies/feature-requests.ts';
import type { ModelWishes } from './model-choice.ts';
import { featureKindOf, type PassName, passOf, usualAligner } from './passes.ts';
import type { Recognizer } from './recognizer.ts';
import type { RequestLimits } from './request-limits.ts';
import type { EnvelopeSchemas, TranscriptionOptions } from './request-options.ts';
import { searchOf } from './request-search.ts';
import type { Checkpoint, Infer } from './staged-run.ts';
import type { Answers, RecognitionTask, TaskKind, TaskOf } from './worker-protocol.ts';

/** What a task needs of the thread that does it. */
export type TaskContext = {
  readonly maxAudioSeconds: number;
  readonly limits: RequestLimits;
  /** What options that stand in a body may be. */
  readonly envelopes: EnvelopeSchemas;
  readonly checkpoint: Checkpoint;
  readonly infer: Infer;
  /** The model that a request means, once it is certain that it may have what it asks. */
  readonly recognizerFor: (wishes: ModelWishes) => Recognizer;
};

/**
 * Does what a task asks.
 * @throws SoriError
 */
export async function perform(
  task: RecognitionTask,
  context: TaskContext,
): Promise<Answers[TaskKind]> {
  context.checkpoint('audio');
  switch (task.kind) {
    case 'transcription':
      return transcribe(task, context);
    case 'comparison':
      return compare(task, context);
    case 'alignment':
      return align(task, context);
    case 'emissions':
      return hear(task, context);
  }
}

/** Rows of features that a request may bring: as many as the longest recording has. */
export function maxFramesOf(frameShiftSeconds: number, maxAudioSeconds: number): number {
  return Math.ceil(maxAudioSeconds / frameShiftSeconds);
}

async function transcribe(
  task: TaskOf<'transcription'>,
  context: TaskContext,
): Promise<Answers['transcription']> {
  const { checkpoint, infer, maxAudioSeconds: maxSeconds } = context;
  if (task.encoding === 'recording') {
    const { bytes, options } = task;
    const recognizer = context.recognizerFor(options);
    const search = searchOf(options, [options.decoder], recognizer, context.limits);
    const how = { ...whatOf(options), ...search, checkpoint, infer, maxSeconds };
    const result = await recognizer.recognizeRecording(bytes, how);
    return { model: recognizer.manifest.name, options, result };
  }
  const { options, reader } = transcriptionParts(task, context.envelopes);
  const recognizer = context.recognizerFor(options);
  const search = searchOf(options, [options.decoder], recognizer, context.limits);
  const matrix = read(reader, recognizer, passOf(options.decoder), context);
  const how = { ...whatOf(options), ...search, checkpoint, infer };
  const result = await recognizer.recognizeFeatures(matrix, how);
  return { model: recognizer.manifest.name, options, result };
}

function whatOf({ decoder, include }: TranscriptionOptions) {
  return { decoder, labelLogProbs: include?.includes('logprobs') === true };
}

async function compare(
  task: TaskOf<'comparison'>,
  context: TaskContext,
): Promise<Answers['comparison']> {
  const { checkpoint, infer, maxAudioSeconds: maxSeconds } = context;
  if (task.encoding === 'recording') {
    const { bytes, options } = task;
    const recognizer = context.recognizerFor(options);
    const { decoders = recognizer.decoderNames, reference } = options;
    const search = searchOf(options, decoders, recognizer, context.limits);
    const how = { decoders, ...search, reference, checkpoint, infer, maxSeconds };
    const result = await recognizer.compareRecording(bytes, how);
    return { model: recognizer.manifest.name, options, result };
  }
  const { options, readers } = comparisonParts(task, context.envelopes);
  const recognizer = context.recognizerFor(options);
  const { decoders = recognizer.decoderNames, reference } = options;
  if (readers.has('hmm') && !recognizer.passes.has('hmm'))
    throw new SoriError(
      'invalid_request',
      `hmm_features: model ${recognizer.manifest.name} has no HMM that could read them`,
      { param: 'hmm_features' },
    );
  if (!decoders.some((name) => readers.has(featureKindOf(passOf(name)))))
    throw new SoriError(
      'invalid_request',
      `decoders: expected one that reads features for ${[...readers.keys()].join(', ')}, got ${decoders.join(', ')}`,
      { param: 'decoders' },
    );
  const matrices = new Map(
    [...readers].map(([pass, reader]) => [pass, read(reader, recognizer, pass, context)]),
  );
  const search = searchOf(options, decoders, recognizer, context.limits);
  const how = { decoders, ...search, reference, checkpoint, infer };
  const result = await recognizer.compareFeatures(matrices, how);
  return { model: recognizer.manifest.name, options, result };
}

async function align(
  { bytes, options }: TaskOf<'alignment'>,
  context: TaskContext,
): Promise<Answers['alignment']> {
  const { checkpoint, infer, maxAudioSeconds: maxSeconds } = context;
  const recognizer = context.recognizerFor(options);
  const { method = usualAligner(recognizer.manifest) } = options;
  const how = { method, words: wordsOf(options.text), checkpoint, infer, maxSeconds };
  const result = await recognizer.alignRecording(bytes, how);
  return { model: recognizer.manifest.name, options, result };
}

async function hear(
  task: TaskOf<'emissions'>,
  context: TaskContext,
): Promise<Answers['emissions']> {
  const { checkpoint, infer, maxAudioSeconds: maxSeconds } = context;
  if (task.encoding === 'recording') {
    const { bytes, options } = task;
    const recognizer = context.recognizerFor(options);
    const how = { acousticModel: options.acoustic_model, checkpoint, infer, maxSeconds };
    const result = await recognizer.hearRecording(bytes, how);
    return { model: recognizer.manifest.name, options, result };
  }
  const { options, reader } = emissionsParts(task, context.envelopes);
  const recognizer = context.recognizerFor(options);
  const { acoustic_model: acousticModel } = options;
  const matrix = read(reader, recognizer, acousticModel, context);
  const result = await recognizer.hearFeatures(matrix, { acousticModel, checkpoint, infer });
  return { model: recognizer.manifest.name, options, result };
}

/** Reads a matrix under the demands of the acoustic model that it is for. */
function read(
  reader: MatrixReader,
  recognizer: Recognizer,
  pass: PassName,
  { maxAudioSeconds }: TaskContext,
) {
  const { dims, frameShiftSeconds } = recognizer.pass(pass);
  return reader({ dims, maxFrames: maxFramesOf(frameShiftSeconds, maxAudioSeconds) });
}
