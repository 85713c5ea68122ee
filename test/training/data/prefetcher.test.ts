import { afterEach, expect, test } from 'vitest';
import type { TrainingBatch } from '../../../src/training/data/batch.ts';
import { BatchSource } from '../../../src/training/data/batch-source.ts';
import { Prefetcher } from '../../../src/training/data/prefetcher.ts';
import { makeDefinition } from './corpora.ts';

const open: Prefetcher[] = [];
function start(...parameters: ConstructorParameters<typeof Prefetcher>): Prefetcher {
  const prefetcher = new Prefetcher(...parameters);
  open.push(prefetcher);
  return prefetcher;
}
afterEach(async () => {
  for (const prefetcher of open.splice(0)) await prefetcher.close();
});

async function take(prefetcher: Prefetcher, from: number, count: number): Promise<TrainingBatch[]> {
  const batches: TrainingBatch[] = [];
  for await (const batch of prefetcher.from(from)) {
    batches.push(batch);
    if (batches.length === count) break;
  }
  return batches;
}

test('gives the batches that the source makes, in order, with any number of workers', async () => {
  const source = new BatchSource(makeDefinition());
  const expected = [3, 4, 5, 6, 7].map((step) => source.make(step));
  for (const workers of [1, 2]) {
    expect(await take(start(makeDefinition(), { workers }), 3, 5)).toEqual(expected);
  }
});

test('starts again elsewhere after a run was left', async () => {
  const prefetcher = start(makeDefinition());
  await take(prefetcher, 0, 2);
  const [batch] = await take(prefetcher, 11, 1);
  expect(batch).toEqual(new BatchSource(makeDefinition()).make(11));
});

test('fails where the data cannot be used, instead of waiting for ever', async () => {
  const prefetcher = start(makeDefinition({ corpora: {} }));
  await expect(take(prefetcher, 0, 1)).rejects.toThrow('[Sampler] expected a corpus');
  await expect(take(prefetcher, 5, 1)).rejects.toThrow('[Sampler] expected a corpus');
});

test('ends the run in progress when it is closed, also one that waits for a batch', async () => {
  const prefetcher = start(makeDefinition());
  const run = prefetcher.from(0);
  const waiting = prefetcher.from(100);
  await run.next();
  const next = waiting.next();
  await prefetcher.close();
  expect(await run.next()).toEqual({ done: true, value: undefined });
  expect(await next).toEqual({ done: true, value: undefined });
});

test('refuses a number of workers that is none', () => {
  expect(() => new Prefetcher(makeDefinition(), { workers: 0 })).toThrow('[Prefetcher]');
});
