import type { RequestFacts } from '../src/plugins/request-end.ts';
import type { ServedAnswer } from '../src/recognition/recognition-service.ts';
import type { StageTimes } from '../src/recognition/staged-run.ts';
import type { TaskKind } from '../src/recognition/worker-protocol.ts';
import { timingsOf, toThousandths } from './answer-parts.ts';

/**
 * What the log says of the work on a request: how many sequences shared a run of the graph, milliseconds in
 * the queue, in each stage, and in all stages.
 */
export function loggedWork(
  { queuedMilliseconds, shared }: ServedAnswer<TaskKind>,
  milliseconds: StageTimes,
): RequestFacts {
  const { executions, inferences } = shared;
  const computed = Object.values(milliseconds).reduce((sum, took) => sum + took, 0);
  return {
    ...(executions > 0 && { batch: toThousandths(inferences / executions) }),
    ...timingsOf(queuedMilliseconds, milliseconds),
    compute_ms: toThousandths(computed),
  };
}
