import { Worker } from 'node:worker_threads';
import type { TrainingBatch } from './batch.ts';
import type { BatchSourceDefinition } from './batch-source.ts';

export type PrefetcherOptions = {
  /** Worker threads that make batches. */
  readonly workers?: number;
  /** Batches that may be made or wait ahead of the one asked for. */
  readonly ahead?: number;
};

export type PrefetchRequest = { readonly step: number };
export type PrefetchAnswer =
  | { readonly batch: TrainingBatch; readonly error?: never }
  | { readonly error: Error; readonly batch?: never };

type Waiting = { resolve: (batch: TrainingBatch) => void; reject: (error: Error) => void };

/**
 * Makes training batches in worker threads ahead of need. What a step's batch holds depends on the
 * definition and the step alone, so neither the number of workers nor where a run starts changes it.
 */
export class Prefetcher {
  private readonly workers: Worker[];
  private readonly ahead: number;
  private readonly waiting = new Map<number, Waiting>();
  private closed = false;
  private failure: Error | undefined;

  constructor(definition: BatchSourceDefinition, options: PrefetcherOptions = {}) {
    const count = options.workers ?? 1;
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(`[Prefetcher] expected workers to be a positive integer, got ${count}`);
    }
    this.ahead = options.ahead ?? 2 * count + 2;
    this.workers = Array.from({ length: count }, () => this.startWorker(definition));
  }

  /**
   * Batches from a step on, in order, for as long as the caller asks for them or until the prefetcher
   * is closed. Throws what the worker threw for a batch that cannot be made.
   */
  async *from(firstStep: number): AsyncGenerator<TrainingBatch, void, undefined> {
    const pending: Promise<TrainingBatch>[] = [];
    let next = firstStep;
    while (!this.closed) {
      while (pending.length < this.ahead) {
        const promise = this.request(next++);
        // Whoever awaits it sees the failure; until then it must not count as unhandled.
        promise.catch(() => undefined);
        pending.push(promise);
      }
      let batch: TrainingBatch;
      try {
        batch = await pending.shift()!;
      } catch (error) {
        if (this.closed) return;
        throw error;
      }
      yield batch;
    }
  }

  /** Stops the workers and ends the runs in progress. */
  async close(): Promise<void> {
    this.closed = true;
    this.failAll(new Error('The prefetcher was closed.'));
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private request(step: number): Promise<TrainingBatch> {
    return new Promise((resolve, reject) => {
      if (this.failure) {
        reject(this.failure);
        return;
      }
      this.waiting.set(step, { resolve, reject });
      const request: PrefetchRequest = { step };
      this.workers[step % this.workers.length]!.postMessage(request);
    });
  }

  private startWorker(definition: BatchSourceDefinition): Worker {
    const worker = new Worker(new URL('./prefetch-worker.ts', import.meta.url), {
      workerData: definition,
    });
    worker.on('message', (answer: PrefetchAnswer & PrefetchRequest) => {
      const waiting = this.waiting.get(answer.step);
      this.waiting.delete(answer.step);
      if (answer.error) waiting?.reject(answer.error);
      else waiting?.resolve(answer.batch);
    });
    worker.on('error', (error: unknown) => {
      this.failAll(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', (code) => {
      if (!this.closed) this.failAll(new Error(`A data worker stopped with exit code ${code}.`));
    });
    return worker;
  }

  private failAll(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
