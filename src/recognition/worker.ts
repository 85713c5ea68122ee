import { parentPort, workerData } from 'node:worker_threads';
import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import { encodeWav } from '../audio/wav.ts';
import { SoriError } from '../errors.ts';
import type { AcousticPass } from './acoustic-pass.ts';
import { chooseModel, type ModelWishes } from './model-choice.ts';
import { Recognizer } from './recognizer.ts';
import { noLimits } from './request-limits.ts';
import { envelopeSchemas } from './request-options.ts';
import type { Checkpoint } from './staged-run.ts';
import { Stopped, ThreadControl } from './thread-control.ts';
import type {
  FromWorker,
  LoadedModel,
  LoadedPass,
  RecognitionTask,
  TaskEnd,
  ToWorker,
  WorkerStart,
} from './worker-protocol.ts';
import { maxFramesOf, perform } from './worker-tasks.ts';

const { setup, control: controlMemory } = workerData as WorkerStart;
const { models, defaultModel, maxAudioSeconds, limits = noLimits } = setup;
const envelopes = envelopeSchemas(limits);
const port = parentPort!;
const control = new ThreadControl(controlMemory);
const checkpoint: Checkpoint = (stage) => control.begin(stage);
const rehearsalSampleRateHz = 16_000;
const recognizers = new Map<string, Recognizer>();

async function load(): Promise<LoadedModel[]> {
  for (const model of models) {
    control.begin('models');
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
    await recognizer.recognizeRecording(recording, { decoder, checkpoint, maxSeconds: 1 });
}

function recognizerFor(wishes: ModelWishes): Recognizer {
  const recognizer = recognizers.get(chooseModel(models, defaultModel, wishes).name);
  if (recognizer === undefined) throw new Error('a chosen model is not loaded');
  return recognizer;
}

async function answer(task: RecognitionTask): Promise<TaskEnd> {
  try {
    const context = { maxAudioSeconds, limits, envelopes, checkpoint, recognizerFor };
    return { kind: 'answer', answer: await perform(task, context) };
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'stopped' };
    if (error instanceof SoriError) {
      const { code, message, param } = error;
      return { kind: 'refusal', code, message, param };
    }
    if (error instanceof Error)
      return { kind: 'failure', message: error.message, stack: error.stack };
    return { kind: 'failure', message: String(error), stack: undefined };
  } finally {
    control.rest();
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

async function carryOut(task: RecognitionTask): Promise<FromWorker> {
  const before = workDone();
  const end = await answer(task);
  const { executions, inferences } = workDone();
  const work = {
    executions: executions - before.executions,
    inferences: inferences - before.inferences,
  };
  return { ...end, work };
}

/** Nothing keeps the thread alive afterwards. */
async function endThread(): Promise<void> {
  control.begin('models');
  for (const recognizer of recognizers.values()) await recognizer.release();
  control.rest();
  port.close();
}

const send = (message: FromWorker): void => port.postMessage(message);

try {
  const loaded = await load().finally(() => control.rest());
  send({ kind: 'loaded', models: loaded });
  port.on('message', (request: ToWorker) => {
    if (request.kind === 'end') void endThread();
    else void carryOut(request.task).then(send);
  });
} catch (error) {
  send({ kind: 'unloadable', message: error instanceof Error ? error.message : String(error) });
}
