import { Worker } from 'node:worker_threads';
import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import { SoriError } from '../errors.ts';
import {
  type Answers,
  controlField,
  type FromWorker,
  type LoadedModel,
  newControl,
  type RecognitionTask,
  type TaskKind,
  type ToWorker,
  type WorkerSetup,
} from './worker-protocol.ts';

/** Workers that fail to load in a row, with none loaded, until the pool no longer counts on the next. */
const failedStartLimit = 3;
const longestRestartPauseMilliseconds = 60_000;

/** A worker's answer, how long its task stood in the queue before it, and what the graphs had to do. */
export type PoolAnswer<Kind extends TaskKind> = Answers[Kind] & {
  readonly queuedMilliseconds: number;
  readonly work: AcousticWork;
};

export type PoolLimits = {
  readonly workers: number;
  /** Tasks that may wait. */
  readonly queueLimit: number;
  /**
   * How long a worker may take to notice that nobody waits any more, before its thread is ended; 10 000 by
   * default. Every stage ends by itself, and mostly sooner than another thread would have its models.
   */
  readonly cancelGraceMilliseconds?: number;
  /**
   * Pause before a worker that could not load is started again, doubled with each failure up to a minute;
   * 1000 by default.
   */
  readonly restartPauseMilliseconds?: number;
};

/** The end of a worker that nobody had asked to end. */
export type WorkerEnd = {
  readonly cause: string;
  /** Whether it had its models, or died before. */
  readonly loaded: boolean;
  /** When the next one is started; undefined where none is, because the pool closes. */
  readonly restartMilliseconds: number | undefined;
};

/** What whoever watches a pool is told. */
export type PoolEvents = {
  /** A worker has ended of itself once it, or the pool, had started. */
  readonly workerEnded?: (end: WorkerEnd) => void;
  /** A task has left the queue, to a worker or because it was given up. */
  readonly queueLeft?: (queuedMilliseconds: number) => void;
  /** A task has ended, whether it was answered or not. */
  readonly worked?: (work: AcousticWork) => void;
};

type Job = {
  readonly task: RecognitionTask;
  readonly control: Int32Array;
  readonly queuedAt: number;
  startedAt: number;
  /** Settles the caller's promise; only the first call counts. */
  readonly resolve: (answer: PoolAnswer<TaskKind>) => void;
  readonly reject: (reason: unknown) => void;
};

type Slot = {
  readonly worker: Worker;
  loaded: boolean;
  /** Why the pool ends this worker, or what it has said of its end itself. */
  endCause: string | undefined;
  job: Job | undefined;
};

/**
 * Worker threads that each hold every model, and the queue before them: first come, first served, a
 * limited number of places. A task that is given up leaves the queue at once, or stops at its next
 * stage. A thread that dies takes one task with it and is replaced; until then the others wait in the
 * queue.
 *
 * (Piscina ends the thread of a running task that is aborted. ONNX Runtime turns that into an abort of
 * the whole process; see `controlField`.)
 */
export class WorkerPool {
  private readonly setup: WorkerSetup;
  private readonly size: number;
  private readonly queueLimit: number;
  private readonly cancelGraceMilliseconds: number;
  private readonly restartPauseMilliseconds: number;
  private readonly events: PoolEvents;
  private readonly slots = new Set<Slot>();
  private readonly queue: Job[] = [];
  private readonly restarts = new Set<NodeJS.Timeout>();
  private readonly starting = Promise.withResolvers<readonly LoadedModel[]>();
  private readonly idle = Promise.withResolvers<void>();
  private started = false;
  private closing = false;
  private failedStarts = 0; // in a row

  constructor(setup: WorkerSetup, limits: PoolLimits, events: PoolEvents = {}) {
    this.setup = setup;
    this.size = limits.workers;
    this.queueLimit = limits.queueLimit;
    this.cancelGraceMilliseconds = limits.cancelGraceMilliseconds ?? 10_000;
    this.restartPauseMilliseconds = limits.restartPauseMilliseconds ?? 1000;
    this.events = events;
  }

  /**
   * Starts the workers; resolves when all have loaded all models.
   * @throws Error with the first worker's reason if one cannot
   */
  start(): Promise<readonly LoadedModel[]> {
    for (let count = 0; count < this.size; count++) this.spawn();
    return this.starting.promise;
  }

  /** Tasks that wait for a worker. */
  get queued(): number {
    return this.queue.length;
  }

  /** Workers that hold a task. */
  get running(): number {
    return [...this.slots].filter(({ job }) => job !== undefined).length;
  }

  /** Workers that have their models. */
  get loadedWorkers(): number {
    return [...this.slots].filter(({ loaded }) => loaded).length;
  }

  /** Whether no worker is left and several in a row could not be started. It is still being tried. */
  get failing(): boolean {
    return this.failedStarts >= failedStartLimit && this.loadedWorkers === 0;
  }

  /** The threads, for whoever watches them. */
  get threads(): Worker[] {
    return [...this.slots].map(({ worker }) => worker);
  }

  /**
   * Has a task done by the next free worker.
   * @param signal gives the task up; its reason is what the promise rejects with
   * @throws SoriError queue_full, worker_died, not_ready, and what the task itself is refused with
   */
  run<Task extends RecognitionTask>(
    task: Task,
    signal: AbortSignal,
  ): Promise<PoolAnswer<Task['kind']>> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.closing)
      return Promise.reject(new SoriError('not_ready', 'the service is shutting down'));
    if (this.failing) return Promise.reject(noWorker());
    if (this.freeSlot() === undefined && this.queue.length >= this.queueLimit)
      return Promise.reject(
        new SoriError('queue_full', `the queue is full: ${this.queueLimit} requests wait already`),
      );
    const { promise, resolve, reject } = Promise.withResolvers<PoolAnswer<TaskKind>>();
    const now = performance.now();
    const job: Job = {
      task,
      control: newControl(),
      queuedAt: now,
      startedAt: now,
      resolve,
      reject,
    };
    const abort = (): void => this.abort(job, signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.queue.push(job);
    this.dispatch();
    // A worker answers every task in the task's own kind.
    const answer = promise as Promise<PoolAnswer<Task['kind']>>;
    return answer.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Takes no more tasks, finishes those it has, and ends the threads. */
  async close(): Promise<void> {
    this.closing = true;
    for (const restart of this.restarts) clearTimeout(restart);
    if (this.slots.size === 0) this.failQueue();
    this.checkIdle();
    await this.idle.promise;
    await Promise.all([...this.slots].map(({ worker }) => worker.terminate()));
  }

  private spawn(): void {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.setup });
    const slot: Slot = { worker, loaded: false, endCause: undefined, job: undefined };
    this.slots.add(slot);
    worker.on('message', (message: FromWorker) => this.receive(slot, message));
    worker.on('error', (error: Error) => {
      slot.endCause = error.message;
    });
    worker.on('exit', (code) => this.bury(slot, slot.endCause ?? `exit code ${code}`));
  }

  private freeSlot(): Slot | undefined {
    for (const slot of this.slots) if (slot.loaded && slot.job === undefined) return slot;
    return undefined;
  }

  private dispatch(): void {
    for (let slot = this.freeSlot(); slot !== undefined; slot = this.freeSlot()) {
      const job = this.queue.shift();
      if (job === undefined) break;
      slot.job = job;
      this.leaveQueue(job);
      const request: ToWorker = { task: job.task, control: job.control };
      slot.worker.postMessage(request, [job.task.bytes.buffer as ArrayBuffer]);
    }
    this.checkIdle();
  }

  private leaveQueue(job: Job): void {
    job.startedAt = performance.now();
    this.events.queueLeft?.(job.startedAt - job.queuedAt);
  }

  private receive(slot: Slot, message: FromWorker): void {
    if (message.kind === 'loaded') {
      slot.loaded = true;
      this.failedStarts = 0;
      if (this.loadedWorkers === this.size) {
        this.started = true;
        this.starting.resolve(message.models);
      }
    } else if (message.kind === 'unloadable') {
      slot.endCause = message.message;
      void slot.worker.terminate();
    } else {
      const { job } = slot;
      slot.job = undefined;
      this.events.worked?.(message.work);
      if (job !== undefined) settle(job, message);
    }
    this.dispatch();
  }

  /** Gives a task up, wherever it is. */
  private abort(job: Job, reason: unknown): void {
    job.reject(reason);
    const place = this.queue.indexOf(job);
    if (place !== -1) {
      this.queue.splice(place, 1);
      this.leaveQueue(job);
      this.checkIdle();
      return;
    }
    const slot = [...this.slots].find((candidate) => candidate.job === job);
    if (slot === undefined) return;
    Atomics.store(job.control, controlField.cancelled, 1);
    const patience = setInterval(() => {
      const inGraph = Atomics.load(job.control, controlField.native) !== 0;
      if (slot.job === job && inGraph) return;
      clearInterval(patience);
      if (slot.job !== job) return;
      slot.endCause = 'a request was given up and did not stop in time';
      void slot.worker.terminate();
    }, this.cancelGraceMilliseconds);
    patience.unref();
  }

  /** A thread has ended: its task fails and, unless the pool is closing, another takes its place. */
  private bury(slot: Slot, cause: string): void {
    this.slots.delete(slot);
    slot.job?.reject(workerDied(cause));
    if (!slot.loaded) {
      this.failedStarts++;
      this.starting.reject(new Error(cause));
    }
    if (this.started || slot.loaded) {
      const restartMilliseconds = this.closing ? undefined : this.replace(slot);
      const ending = this.closing && this.queue.length === 0 && slot.job === undefined;
      if (!ending) this.events.workerEnded?.({ cause, loaded: slot.loaded, restartMilliseconds });
    }
    if (this.failing || (this.closing && this.slots.size === 0)) this.failQueue();
    this.checkIdle();
  }

  /** Starts another worker: at once, or after a pause if the one that ended could not even load. */
  private replace(slot: Slot): number {
    if (slot.loaded) {
      this.spawn();
      return 0;
    }
    const pause = Math.min(
      this.restartPauseMilliseconds * 2 ** (this.failedStarts - 1),
      longestRestartPauseMilliseconds,
    );
    const restart = setTimeout(() => {
      this.restarts.delete(restart);
      this.spawn();
    }, pause);
    this.restarts.add(restart);
    return pause;
  }

  /** Nobody is left to do what waits. */
  private failQueue(): void {
    for (const job of this.queue.splice(0)) {
      this.leaveQueue(job);
      job.reject(noWorker());
    }
  }

  /** While closing: no task is left and no thread is inside ONNX Runtime, so threads may be ended. */
  private checkIdle(): void {
    const busy = [...this.slots].some(({ loaded, job }) => !loaded || job !== undefined);
    if (this.closing && this.queue.length === 0 && !busy) this.idle.resolve();
  }
}

function workerDied(cause: string): SoriError {
  const message = 'the worker that had this request died; another takes its place';
  return new SoriError('worker_died', message, { cause });
}

function noWorker(): SoriError {
  return new SoriError('not_ready', 'no worker is left to do this request');
}

/** A cancelled task needs no word: whoever asked for it has been told already. */
function settle(job: Job, message: Exclude<FromWorker, { kind: 'loaded' | 'unloadable' }>): void {
  if (message.kind === 'answer') {
    const queuedMilliseconds = job.startedAt - job.queuedAt;
    job.resolve({ ...message.answer, queuedMilliseconds, work: message.work });
  } else if (message.kind === 'refusal') {
    const { code, message: text, param } = message;
    job.reject(new SoriError(code, text, param === null ? {} : { param }));
  } else if (message.kind === 'failure') {
    const error = new Error(message.message);
    if (message.stack !== undefined) error.stack = message.stack;
    job.reject(error);
  }
}
