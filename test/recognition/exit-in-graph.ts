// Run by process-exit.test.ts: exits with 3 while a thread of its pool is inside a graph.
import { loadModelFolders } from '../../src/recognition/model-folder.ts';
import { WorkerPool } from '../../src/recognition/worker-pool.ts';
import type { TaskOf } from '../../src/recognition/worker-protocol.ts';
import { syntheticWav } from '../support/recording.ts';
import { until } from '../support/service.ts';

const [modelsDirectory, when] = process.argv.slice(2);
const models = await loadModelFolders(modelsDirectory!);
const setup = { models, defaultModel: undefined, maxAudioSeconds: 600 };
const pool = new WorkerPool(setup, { workers: 2, queueLimit: 0 });
const started = pool.start();
if (when === 'at a task') {
  await started;
  const task: TaskOf<'transcription'> = {
    kind: 'transcription',
    encoding: 'recording',
    bytes: syntheticWav({ seconds: 600, seed: 1 }),
    options: {
      decoder: 'ctc_greedy',
      n_best: 1,
      response_format: 'json',
      timestamp_granularities: ['segment'],
    },
  };
  void pool.run(task, new AbortController().signal);
  await until(() => pool.activities.includes('inference'));
} else {
  await until(() => pool.activities.includes('inference') || pool.activities.includes('models'));
}
process.exit(3);
