import { parentPort, workerData } from 'node:worker_threads';
import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import { encodeWav } from '../audio/wav.ts';
import { SoriError } from '../errors.ts';
import type { AcousticPass } from './acoustic-pass.ts';
import { chooseModel, type ModelWishes } from './model-choice.ts';
import { Recognizer } from './recognizer.ts';
import { noLimits } from './request-limits.ts';
import type { Checkpoint } from './staged-run.ts';
import {
  controlField,
  type FromWorker,
  type LoadedModel,
  type LoadedPass,
  type TaskEnd,
  type ToWorker,
  type WorkerSetup,
} from './worker-protocol.ts';
import { maxFramesOf, perform } from './worker-tasks.ts';

/** Thrown at a checkpoint once nobody waits for the answer. */
class Cancelled extends Error {}

const setup = workerData as WorkerSetup;
const { models, defaultModel, maxAudioSeconds, limits = noLimits } = setup;
const port = parentPort!;
const rehearsalSampleRateHz = 16_000;
const recognizers = new Map<string, Recognizer>();

async function load(): Promise<LoadedModel[]> {
  for (const model of models) {
    const recognizer = await Recognizer.load(model);
    await rehearse(recognizer);
    recognizers.set(model.name, recognizer);
  }
  return [...recognizers].map(([name, recognizer]) => ({
    name,
    decoders: recognizer.decoderNames,
    passes: [...recognizer.passes.values()].map(describePass),
  }));
}

function describePass({ name, dims, frameShiftSeconds }: AcousticPass): LoadedPass {
  const maxFrames = maxFramesOf(frameShiftSeconds, maxAudioSeconds);
  return { name, dims, frameShiftSeconds, maxFrames };
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

function recognizerFor(wishes: ModelWishes): Recognizer {
  const recognizer = recognizers.get(chooseModel(models, defaultModel, wishes).name);
  if (recognizer === undefined) throw new Error('a chosen model is not loaded');
  return recognizer;
}

async function answer({ task, control }: ToWorker): Promise<TaskEnd> {
  try {
    const checkpoint = checkpointOf(control);
    const context = { maxAudioSeconds, limits, checkpoint, recognizerFor };
    return { kind: 'answer', answer: await perform(task, context) };
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

/** What all graphs have done so far. */
function workDone(): AcousticWork {
  const works = [...recognizers.values()].flatMap(({ passes }) =>
    [...passes.values()].map(({ work }) => work),
  );
  const total = (key: keyof AcousticWork) => works.reduce((sum, work) => sum + work[key], 0);
  return { executions: total('executions'), inferences: total('inferences') };
}

async function carryOut(request: ToWorker): Promise<FromWorker> {
  const before = workDone();
  const end = await answer(request);
  const { executions, inferences } = workDone();
  const work = {
    executions: executions - before.executions,
    inferences: inferences - before.inferences,
  };
  return { ...end, work };
}

const send = (message: FromWorker): void => port.postMessage(message);

try {
  send({ kind: 'loaded', models: await load() });
  port.on('message', (request: ToWorker) => {
    void carryOut(request).then(send);
  });
} catch (error) {
  send({ kind: 'unloadable', message: error instanceof Error ? error.message : String(error) });
}
