import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import { SoriError } from '../errors.ts';
import type { Answers, RecognitionTask, TaskEnd, TaskKind } from './worker-protocol.ts';

/**
 * A worker's answer, how long its task stood in the queue before it, and the runs of graphs that it had a part
 * in, with the sequences in them.
 */
export type PoolAnswer<Kind extends TaskKind> = Answers[Kind] & {
  readonly queuedMilliseconds: number;
  readonly shared: AcousticWork;
};

/** A task on its way through a pool. */
export class Job {
  readonly task: RecognitionTask;
  /** What whoever brought the task waits for; the first of `settle` and `reject` decides it. */
  readonly answer: Promise<PoolAnswer<TaskKind>>;
  readonly reject: (reason: unknown) => void;
  private readonly resolve: (answer: PoolAnswer<TaskKind>) => void;
  private readonly queuedAt = performance.now();
  private queuedMilliseconds = 0;

  constructor(task: RecognitionTask) {
    const { promise, resolve, reject } = Promise.withResolvers<PoolAnswer<TaskKind>>();
    this.task = task;
    this.answer = promise;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** @returns milliseconds that it was in the queue */
  leaveQueue(): number {
    this.queuedMilliseconds = performance.now() - this.queuedAt;
    return this.queuedMilliseconds;
  }

  /** A task that was stopped needs no word: whoever asked for it has been told already. */
  settle(end: TaskEnd, shared: AcousticWork): void {
    if (end.kind === 'answer') {
      this.resolve({ ...end.answer, queuedMilliseconds: this.queuedMilliseconds, shared });
    } else if (end.kind === 'refusal') {
      const { code, message, param } = end;
      this.reject(new SoriError(code, message, param === null ? {} : { param }));
    } else if (end.kind === 'failure') {
      const error = new Error(end.message);
      if (end.stack !== undefined) error.stack = end.stack;
      this.reject(error);
    }
  }
}
