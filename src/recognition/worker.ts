import { parentPort, workerData } from 'node:worker_threads';
import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import { encodeWav } from '../audio/wav.ts';
import { SoriError } from '../errors.ts';
import type { AcousticPass } from './acoustic-pass.ts';
import { Company, type Member } from './company.ts';
import { chooseModel, type ModelWishes } from './model-choice.ts';
import { Recognizer } from './recognizer.ts';
import { noLimits } from './request-limits.ts';
import { envelopeSchemas } from './request-options.ts';
import type { Checkpoint, Infer } from './staged-run.ts';
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

/** Frames of a batch, padding included: few enough that it takes less memory than one long recording. */
const batchFrames = 4096;

const { setup, batch, control: controlMemory } = workerData as WorkerStart;
const { models, defaultModel, maxAudioSeconds, limits = noLimits } = setup;
const envelopes = envelopeSchemas(limits);
const port = parentPort!;
const control = new ThreadControl(controlMemory);
const company = new Company({ size: batch, frames: batchFrames });
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

function describePass({ name, dims, frameShiftSeconds, batches }: AcousticPass): LoadedPass {
  const maxFrames = maxFramesOf(frameShiftSeconds, maxAudioSeconds);
  return { name, dims, frameShiftSeconds, maxFrames, batch: batches ? batch : 1 };
}

/**
 * A second of silence through every stage: a model that cannot run fails here, and no client waits for
 * code that has never run. And a batch through every graph.
 */
async function rehearse(recognizer: Recognizer): Promise<void> {
  const checkpoint: Checkpoint = (stage) => control.begin(stage);
  for (const pass of recognizer.passes.values()) {
    control.begin('inference');
    await pass.tryBatch();
  }
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

async function answer(
  task: RecognitionTask,
  checkpoint: Checkpoint,
  infer: Infer,
): Promise<TaskEnd> {
  try {
    const context = { maxAudioSeconds, limits, envelopes, checkpoint, infer, recognizerFor };
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

let toldWork: AcousticWork = { executions: 0, inferences: 0 };

/** What graphs have done since this was asked last. */
function untoldWork(): AcousticWork {
  const { executions, inferences } = toldWork;
  toldWork = workDone();
  return {
    executions: toldWork.executions - executions,
    inferences: toldWork.inferences - inferences,
  };
}

/** Does a task along with others, and tells of its end as soon as it has ended. */
function memberFor(task: RecognitionTask, place: number): Member {
  const checkpoint: Checkpoint = (stage) => control.begin(stage, place);
  return {
    checkpoint,
    async work(inferTogether) {
      const shared = { executions: 0, inferences: 0 };
      const end = await answer(task, checkpoint, async (model, features) => {
        const inferred = await inferTogether(model, features);
        shared.executions++;
        shared.inferences += inferred.batch;
        return inferred;
      });
      send({ kind: 'ended', place, end, shared, work: untoldWork() });
    },
  };
}

async function carryOut(tasks: readonly RecognitionTask[]): Promise<void> {
  await company.work(tasks.map(memberFor));
  control.rest();
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
  toldWork = workDone(); // rehearsals do not count
  send({ kind: 'loaded', models: loaded });
  port.on('message', (request: ToWorker) => {
    if (request.kind === 'end') void endThread();
    else void carryOut(request.tasks);
  });
} catch (error) {
  send({ kind: 'unloadable', message: error instanceof Error ? error.message : String(error) });
}
