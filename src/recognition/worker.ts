import { parentPort, workerData } from 'node:worker_threads';
import { encodeWav } from '../audio/wav.ts';
import { SoriError } from '../errors.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';
import type { FeatureDemands } from './feature-bodies/checks.ts';
import { parseJsonFeatures, splitJsonBody } from './feature-bodies/json.ts';
import { parseNpyFeatures } from './feature-bodies/npy.ts';
import { parseRawFeatures } from './feature-bodies/raw.ts';
import { chooseModel } from './model-choice.ts';
import { type Checkpoint, Recognizer } from './recognizer.ts';
import { featureEnvelopeSchema, type TranscriptionOptions } from './transcription-options.ts';
import { parseRequest } from './validation.ts';
import {
  controlField,
  type FromWorker,
  type LoadedModel,
  type RecognitionAnswer,
  type RecognitionTask,
  type ToWorker,
  type WorkerSetup,
} from './worker-protocol.ts';

/** Thrown at a checkpoint once nobody waits for the answer. */
class Cancelled extends Error {}

const { models, defaultModel, maxAudioSeconds } = workerData as WorkerSetup;
const port = parentPort!;
const rehearsalSampleRateHz = 16_000;
const recognizers = new Map<string, Recognizer>();

function maxFramesOf(recognizer: Recognizer): number {
  return Math.ceil(maxAudioSeconds / recognizer.frameShiftSeconds);
}

async function load(): Promise<LoadedModel[]> {
  for (const model of models) {
    const recognizer = await Recognizer.load(model);
    await rehearse(recognizer);
    recognizers.set(model.name, recognizer);
  }
  return [...recognizers].map(([name, recognizer]) => ({
    name,
    dims: recognizer.dims,
    frameShiftSeconds: recognizer.frameShiftSeconds,
    decoders: recognizer.decoderNames,
    maxFrames: maxFramesOf(recognizer),
  }));
}

/**
 * A second of silence through every stage: a model that cannot run fails here, and no client waits for
 * code that has never run.
 */
async function rehearse(recognizer: Recognizer): Promise<void> {
  const samples = new Float32Array(rehearsalSampleRateHz);
  const recording = encodeWav({ sampleRateHz: rehearsalSampleRateHz, samples });
  for (const decoder of recognizer.decoderNames)
    await recognizer.recognizeRecording(recording, { decoder, maxSeconds: 1 });
}

function checkpointOf(control: Int32Array): Checkpoint {
  return (stage) => {
    Atomics.store(control, controlField.native, stage === 'inference' ? 1 : 0);
    if (Atomics.load(control, controlField.cancelled) !== 0) throw new Cancelled();
  };
}

function recognizerFor(options: TranscriptionOptions): Recognizer {
  const recognizer = recognizers.get(chooseModel(models, defaultModel, options).name);
  if (recognizer === undefined) throw new Error('a chosen model is not loaded');
  return recognizer;
}

async function transcribe(
  task: RecognitionTask,
  checkpoint: Checkpoint,
): Promise<RecognitionAnswer> {
  checkpoint('audio');
  if (task.kind === 'recording') {
    const { bytes, options } = task;
    const recognizer = recognizerFor(options);
    const recognition = await recognizer.recognizeRecording(bytes, {
      decoder: options.decoder,
      maxSeconds: maxAudioSeconds,
      checkpoint,
    });
    return { model: recognizer.manifest.name, options, recognition };
  }
  const { options, matrixFor } = featureReader(task);
  const recognizer = recognizerFor(options);
  const demands = { dims: recognizer.dims, maxFrames: maxFramesOf(recognizer) };
  const recognition = await recognizer.recognizeFeatures(matrixFor(demands), {
    decoder: options.decoder,
    checkpoint,
  });
  return { model: recognizer.manifest.name, options, recognition };
}

/** The options of a feature request, and its matrix once the model that they name is known. */
function featureReader(task: Exclude<RecognitionTask, { kind: 'recording' }>): {
  options: TranscriptionOptions;
  matrixFor: (demands: FeatureDemands) => FeatureMatrix;
} {
  switch (task.kind) {
    case 'json-features': {
      const body = splitJsonBody(task.bytes);
      const { features: _, ...options } = parseRequest(featureEnvelopeSchema, body.envelope);
      return { options, matrixFor: (demands) => parseJsonFeatures(task.bytes, body, demands) };
    }
    case 'npy-features': {
      const { bytes, options } = task;
      return { options, matrixFor: (demands) => parseNpyFeatures(bytes, demands) };
    }
    case 'raw-features': {
      const { bytes, shape, options } = task;
      return { options, matrixFor: (demands) => parseRawFeatures(bytes, shape, demands) };
    }
  }
}

async function answer({ task, control }: ToWorker): Promise<FromWorker> {
  try {
    return { kind: 'answer', answer: await transcribe(task, checkpointOf(control)) };
  } catch (error) {
    if (error instanceof Cancelled) return { kind: 'cancelled' };
    if (error instanceof SoriError) {
      const { code, message, param } = error;
      return { kind: 'refusal', code, message, param };
    }
    if (error instanceof Error)
      return { kind: 'failure', message: error.message, stack: error.stack };
    return { kind: 'failure', message: String(error), stack: undefined };
  } finally {
    Atomics.store(control, controlField.native, 0);
  }
}

const send = (message: FromWorker): void => port.postMessage(message);

try {
  send({ kind: 'loaded', models: await load() });
  port.on('message', (request: ToWorker) => {
    void answer(request).then(send);
  });
} catch (error) {
  send({ kind: 'unloadable', message: error instanceof Error ? error.message : String(error) });
}
