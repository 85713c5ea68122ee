import { parentPort, workerData } from 'node:worker_threads';
import { GradientComputer, type Lesson } from './gradient.ts';
import type { NetworkArchitecture } from './network/architecture.ts';
import type { Objective } from './objective.ts';

export type GradientWorkerData = {
  readonly architecture: NetworkArchitecture;
  readonly objective: Objective;
  /** ONNX Runtime's. */
  readonly threads: number;
  /** Written by the main thread before each lesson. */
  readonly parameters: SharedArrayBuffer;
  /** Written by this thread before each answer. */
  readonly gradient: SharedArrayBuffer;
};

/** A shard to learn from, or that the thread is to end once it has answered what came before. */
export type GradientWorkerRequest = Lesson | 'end';

export type GradientWorkerAnswer =
  | { readonly losses: Float64Array; readonly error?: never }
  | { readonly error: Error; readonly losses?: never };

const port = parentPort!;
const { architecture, objective, threads, ...shared } = workerData as GradientWorkerData;
const sharedParameters = new Float32Array(shared.parameters);
const sharedGradient = new Float32Array(shared.gradient);
// ONNX Runtime reads no shared memory.
const parameters = new Float32Array(sharedParameters.length);
const computer = await GradientComputer.create(architecture, objective, threads);

async function answer(lesson: Lesson): Promise<GradientWorkerAnswer> {
  try {
    parameters.set(sharedParameters);
    const { losses, gradient } = await computer.compute(parameters, lesson);
    sharedGradient.set(gradient);
    return { losses };
  } catch (error) {
    return { error: error as Error };
  }
}

let answered: Promise<void> = Promise.resolve();
port.on('message', (request: GradientWorkerRequest) => {
  answered = answered.then(async () => {
    if (request !== 'end') {
      port.postMessage(await answer(request));
      return;
    }
    await computer.release();
    port.close();
  });
});
port.postMessage('ready');
