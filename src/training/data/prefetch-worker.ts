import { parentPort, workerData } from 'node:worker_threads';
import { BatchSource, type BatchSourceDefinition } from './batch-source.ts';
import type { PrefetchAnswer, PrefetchRequest } from './prefetcher.ts';

const source = new BatchSource(workerData as BatchSourceDefinition);

parentPort!.on('message', ({ step }: PrefetchRequest) => {
  try {
    const batch = source.make(step);
    const { features, lengths, targets } = batch;
    parentPort!.postMessage({ step, batch } satisfies PrefetchRequest & PrefetchAnswer, [
      features.buffer as ArrayBuffer,
      lengths.buffer as ArrayBuffer,
      targets.labels.buffer as ArrayBuffer,
      targets.lengths.buffer as ArrayBuffer,
    ]);
  } catch (error) {
    parentPort!.postMessage({ step, error: error as Error } satisfies PrefetchRequest &
      PrefetchAnswer);
  }
});
