import { parentPort, workerData } from 'node:worker_threads';
import { ExampleShard } from './example-shard.ts';
import type { ShardAnswer, ShardRequest, ShardWorkerData } from './shard-protocol.ts';

const { definition, examples, shard, shards } = workerData as ShardWorkerData;
const send = (answer: ShardAnswer): void => parentPort!.postMessage(answer);
const progressEvery = 100;

const share = ExampleShard.make(definition, examples, shard, shards, (made) => {
  if (made % progressEvery === 0) send({ kind: 'made', count: progressEvery });
});

function answer(request: ShardRequest): ShardAnswer {
  switch (request.kind) {
    case 'start':
      return { kind: 'started', statistics: share.start(request.parameters) };
    case 'use':
      share.use(request.transform);
      return { kind: 'used' };
    case 'estimate': {
      const { parameters, method, beam } = request;
      return { kind: 'estimated', statistics: share.estimate(parameters, method, beam) };
    }
    case 'classes':
      return { kind: 'classified', statistics: share.classes(request.parameters, request.context) };
  }
}

parentPort!.on('message', (request: ShardRequest) => send(answer(request)));
send({ kind: 'ready', frames: share.audioFrames });
