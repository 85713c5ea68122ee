import { Worker } from 'node:worker_threads';
import { SoriError } from '../errors.ts';
import {
  controlField,
  type FromWorker,
  type LoadedModel,
  newControl,
  type RecognitionAnswer,
  type RecognitionTask,
  type ToWorker,
  type WorkerSetup,
} from './worker-protocol.ts';

/** Pause before a worker that died while loading is started again. */
const restartPauseMilliseconds = 1000;

/** A worker's answer, and how long its task stood in the queue before it. */
export type PoolAnswer = RecognitionAnswer & { readonly queuedMilliseconds: number };

export type PoolLimits = {
  readonly workers: number;
  /** Tasks that may wait. */
  readonly queueLimit: number;
  /**
   * How long a worker may take to notice that nobody waits any more, before its thread is ended; 2000 by
   * default.
   */
  readonly cancelGraceMilliseconds?: number;
};

type Job = {
  readonly task: RecognitionTask;
  readonly control: Int32Array;
  readonly queuedAt: number;
  startedAt: number;
  /** Settles the caller's promise; only the first call counts. */
  readonly resolve: (answer: PoolAnswer) => void;
  readonly reject: (reason: unknown) => void;
};

type Slot = {
  readonly worker: Worker;
  loaded: boolean;
  loadFailure: string | undefined;
  job: Job | undefined;
};

/**
 * Worker threads that each hold every model, and the queue before them: first come, first served, a
 * limited number of places. A task that is given up leaves the queue at once, or stops at its next
 * stage. A thread that dies takes one task with it and is replaced.
 *
 * (Piscina ends the thread of a running task that is aborted. ONNX Runtime turns that into an abort of
 * the whole process; see `controlField`.)
 */
export class WorkerPool {
  private readonly setup: WorkerSetup;
  private readonly size: number;
  private readonly queueLimit: number;
  private readonly cancelGraceMilliseconds: number;
  private readonly slots = new Set<Slot>();
  private readonly queue: Job[] = [];
  private readonly restarts = new Set<NodeJS.Timeout>();
  private readonly starting = Promise.withResolvers<readonly LoadedModel[]>();
  private readonly idle = Promise.withResolvers<void>();
  private started = false;
  private closing = false;

  constructor(setup: WorkerSetup, limits: PoolLimits) {
    this.setup = setup;
    this.size = limits.workers;
    this.queueLimit = limits.queueLimit;
    this.cancelGraceMilliseconds = limits.cancelGraceMilliseconds ?? 2000;
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

  /** The threads, for whoever watches them. */
  get threads(): Worker[] {
    return [...this.slots].map(({ worker }) => worker);
  }

  /**
   * Has a task done by the next free worker.
   * @param signal gives the task up; its reason is what the promise rejects with
   * @throws SoriError queue_full, worker_died, not_ready, and what the task itself is refused with
   */
  run(task: RecognitionTask, signal: AbortSignal): Promise<PoolAnswer> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.closing)
      return Promise.reject(new SoriError('not_ready', 'the service is shutting down'));
    if (this.freeSlot() === undefined && this.queue.length >= this.queueLimit)
      return Promise.reject(
        new SoriError('queue_full', `the queue is full: ${this.queueLimit} requests wait already`),
      );
    const { promise, resolve, reject } = Promise.withResolvers<PoolAnswer>();
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
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Takes no more tasks, finishes those it has, and ends the threads. */
  async close(): Promise<void> {
    this.closing = true;
    for (const restart of this.restarts) clearTimeout(restart);
    this.checkIdle();
    await this.idle.promise;
    await Promise.all([...this.slots].map(({ worker }) => worker.terminate()));
  }

  private spawn(): void {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.setup });
    const slot: Slot = { worker, loaded: false, loadFailure: undefined, job: undefined };
    this.slots.add(slot);
    let failure: string | undefined;
    worker.on('message', (message: FromWorker) => this.receive(slot, message));
    worker.on('error', (error: Error) => {
      failure = error.message;
    });
    worker.on('exit', (code) => this.bury(slot, failure ?? `exit code ${code}`));
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
      job.startedAt = performance.now();
      const request: ToWorker = { task: job.task, control: job.control };
      slot.worker.postMessage(request, [job.task.bytes.buffer as ArrayBuffer]);
    }
    this.checkIdle();
  }

  private receive(slot: Slot, message: FromWorker): void {
    if (message.kind === 'loaded') {
      slot.loaded = true;
      if (this.loadedWorkers === this.size) {
        this.started = true;
        this.starting.resolve(message.models);
      }
    } else if (message.kind === 'unloadable') {
      slot.loadFailure = message.message;
      void slot.worker.terminate();
    } else {
      const { job } = slot;
      slot.job = undefined;
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
      if (slot.job === job) void slot.worker.terminate();
    }, this.cancelGraceMilliseconds);
    patience.unref();
  }

  /** A thread has ended: its task fails and, unless the pool is closing, another takes its place. */
  private bury(slot: Slot, cause: string): void {
    this.slots.delete(slot);
    slot.job?.reject(
      new SoriError(
        'worker_died',
        'the worker that had this request died; another takes its place',
        {
          cause,
        },
      ),
    );
    if (!slot.loaded) this.starting.reject(new Error(slot.loadFailure ?? cause));
    if (!this.closing && (this.started || slot.loaded)) {
      if (slot.loaded) this.spawn();
      else {
        const restart = setTimeout(() => {
          this.restarts.delete(restart);
          this.spawn();
        }, restartPauseMilliseconds);
        this.restarts.add(restart);
      }
    }
    this.checkIdle();
  }

  /** While closing: no task is left and no thread is inside ONNX Runtime, so threads may be ended. */
  private checkIdle(): void {
    const busy = [...this.slots].some(({ loaded, job }) => !loaded || job !== undefined);
    if (this.closing && this.queue.length === 0 && !busy) this.idle.resolve();
  }
}

/** A cancelled task needs no word: whoever asked for it has been told already. */
function settle(job: Job, message: Exclude<FromWorker, { kind: 'loaded' | 'unloadable' }>): void {
  if (message.kind === 'answer') {
    job.resolve({ ...message.answer, queuedMilliseconds: job.startedAt - job.queuedAt });
  } else if (message.kind === 'refusal') {
    const { code, message: text, param } = message;
    job.reject(new SoriError(code, text, param === null ? {} : { param }));
  } else if (message.kind === 'failure') {
    const error = new Error(message.message);
    if (message.stack !== undefined) error.stack = message.stack;
    job.reject(error);
  }
}
