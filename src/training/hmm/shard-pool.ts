import { Worker } from 'node:worker_threads';
import type { BatchSourceDefinition } from '../data/batch-source.ts';
import type { ShardAnswer, ShardRequest, ShardWorkerData } from './shard-protocol.ts';

type Finished = Exclude<ShardAnswer, { kind: 'made' }>;

type Shard = {
  readonly worker: Worker;
  resolve: (answer: Finished) => void;
  reject: (error: Error) => void;
};

/**
 * The examples, shared out over threads. Each makes its own and keeps them, so that only parameters and
 * statistics cross; answers come in the order of the shards, whichever is done first.
 */
export class ShardPool {
  /** Frames of all examples. */
  readonly frames: number;
  private readonly shards: readonly Shard[];

  private constructor(shards: readonly Shard[], frames: number) {
    this.shards = shards;
    this.frames = frames;
  }

  /** @throws what making an example throws; the signal's reason once it is raised */
  static async create(
    definition: BatchSourceDefinition,
    examples: number,
    shards: number,
    signal: AbortSignal,
    onProgress: (made: number) => void,
  ): Promise<ShardPool> {
    let made = 0;
    const list = Array.from({ length: shards }, (_, shard): Shard => {
      const workerData: ShardWorkerData = { definition, examples, shard, shards };
      const worker = new Worker(new URL('./shard-worker.ts', import.meta.url), { workerData });
      const entry: Shard = { worker, resolve: () => {}, reject: () => {} };
      worker.on('message', (answer: ShardAnswer) => {
        if (answer.kind !== 'made') entry.resolve(answer);
        else {
          made += answer.count;
          onProgress(made);
        }
      });
      worker.on('error', (error: unknown) => entry.reject(error as Error));
      worker.on('exit', (code) => entry.reject(new Error(`a training thread ended with ${code}`)));
      return entry;
    });
    const pool = new ShardPool(list, 0);
    try {
      const ready = await pool.answers(signal, () => {});
      const frames = ready.reduce((sum, answer) => sum + (answer as { frames: number }).frames, 0);
      return new ShardPool(list, frames);
    } catch (error) {
      await pool.release();
      throw error;
    }
  }

  /** Has every shard answer; in their order. */
  async ask<Kind extends Exclude<Finished['kind'], 'ready'>>(
    request: ShardRequest,
    kind: Kind,
    signal: AbortSignal,
  ): Promise<Extract<Finished, { kind: Kind }>[]> {
    const answers = await this.answers(signal, ({ worker }) => worker.postMessage(request));
    return answers.map((answer) => {
      if (answer.kind === kind) return answer as Extract<Finished, { kind: Kind }>;
      throw new Error(`[ShardPool] expected an answer ${kind}, got ${answer.kind}`);
    });
  }

  async release(): Promise<void> {
    await Promise.all(this.shards.map(({ worker }) => worker.terminate()));
  }

  private async answers(
    signal: AbortSignal,
    send: (shard: Shard) => void,
  ): Promise<readonly Finished[]> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const answers = this.shards.map(
        (shard) =>
          new Promise<Finished>((resolve, reject) => {
            shard.resolve = resolve;
            shard.reject = reject;
            send(shard);
          }),
      );
      return await Promise.race([Promise.all(answers), aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}
