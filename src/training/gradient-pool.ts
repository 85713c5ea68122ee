import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { GradientComputer, type Lesson, type LessonGradient, shardsOf } from './gradient.ts';
import type {
  GradientWorkerAnswer,
  GradientWorkerData,
  GradientWorkerRequest,
} from './gradient-worker.ts';
import type { NetworkArchitecture } from './network/architecture.ts';
import { parameterLayout } from './network/parameters.ts';
import type { Objective } from './objective.ts';

type Helper = {
  readonly worker: Worker;
  readonly gradient: Float32Array;
  readonly ended: Promise<unknown>;
};

/**
 * Takes the gradient of one lesson on several cores: the sequences are dealt to as many shards, this
 * thread computes the first and a worker thread each of the others, and their gradients are added in
 * order. One core busy with large products and another with the same scales better than two at one
 * product.
 */
export class GradientPool {
  readonly architecture: NetworkArchitecture;
  private readonly own: GradientComputer;
  private readonly helpers: readonly Helper[];
  private readonly parameters: Float32Array;

  private constructor(own: GradientComputer, helpers: readonly Helper[], parameters: Float32Array) {
    this.architecture = own.network.architecture;
    this.own = own;
    this.helpers = helpers;
    this.parameters = parameters;
  }

  /**
   * @param shards parts of a lesson; each but the first has a thread of its own
   * @param threads of ONNX Runtime, for each shard
   */
  static async create(
    architecture: NetworkArchitecture,
    objective: Objective,
    shards: number,
    threads = 1,
  ): Promise<GradientPool> {
    const bytes = parameterLayout(architecture).size * Float32Array.BYTES_PER_ELEMENT;
    const parameters = new SharedArrayBuffer(bytes);
    const helpers = Array.from({ length: shards - 1 }, (): Helper => {
      const gradient = new SharedArrayBuffer(bytes);
      const workerData: GradientWorkerData = {
        architecture,
        objective,
        threads,
        parameters,
        gradient,
      };
      const worker = new Worker(new URL('./gradient-worker.ts', import.meta.url), { workerData });
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      return { worker, gradient: new Float32Array(gradient), ended };
    });
    await Promise.all(helpers.map(({ worker }) => once(worker, 'message')));
    const own = await GradientComputer.create(architecture, objective, threads);
    return new GradientPool(own, helpers, new Float32Array(parameters));
  }

  /** Losses in the order of the sequences, and the gradient of their sum; overwritten by the next call. */
  async compute(parameters: Float32Array, lesson: Lesson): Promise<LessonGradient> {
    const shards = shardsOf(lesson, this.helpers.length + 1, this.architecture.inputs);
    this.parameters.set(parameters);
    const helped = shards.slice(1).map((shard, index) => ask(this.helpers[index]!.worker, shard));
    // The helpers have their shards by now: this thread's own one would hold up the sending.
    const [own, ...losses] = await Promise.all([
      this.own.compute(parameters, shards[0]!),
      ...helped,
    ]);
    for (const { gradient } of this.helpers.slice(0, losses.length)) {
      for (let weight = 0; weight < gradient.length; weight++) {
        own.gradient[weight]! += gradient[weight]!;
      }
    }
    return {
      losses: Float64Array.from([own.losses, ...losses].flatMap((part) => [...part])),
      gradient: own.gradient,
    };
  }

  /**
   * Ends the helpers' threads. They end by themselves, after the shard that they may still have where another
   * one failed: a thread that is terminated inside ONNX Runtime takes the whole process with it.
   */
  async release(): Promise<void> {
    for (const { worker } of this.helpers)
      worker.postMessage('end' satisfies GradientWorkerRequest);
    await Promise.all(this.helpers.map(({ ended }) => ended));
    await this.own.release();
  }
}

async function ask(worker: Worker, shard: Lesson): Promise<Float64Array> {
  const buffers = [shard.features, shard.lengths, ...(shard.masks ?? [])].map(
    (array) => array.buffer as ArrayBuffer,
  );
  worker.postMessage(shard satisfies GradientWorkerRequest, buffers);
  const [answer] = (await once(worker, 'message')) as [GradientWorkerAnswer];
  if (answer.error !== undefined) throw answer.error;
  return answer.losses;
}
