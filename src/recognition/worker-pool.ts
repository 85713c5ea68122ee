import type { Worker } from 'node:worker_threads';
import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import { SoriError } from '../errors.ts';
import { Job, type PoolAnswer } from './job.ts';
import type { Activity } from './thread-control.ts';
import type { LoadedModel, RecognitionTask, WorkerSetup } from './worker-protocol.ts';
import { WorkerThread } from './worker-thread.ts';

/** Workers that fail to load in a row, with none loaded, until the pool no longer counts on the next. */
const failedStartLimit = 3;
const longestRestartPauseMilliseconds = 60_000;

export type PoolLimits = {
  readonly workers: number;
  /** Tasks that may wait. */
  readonly queueLimit: number;
  /** Tasks that a thread may have at once; 1 by default. */
  readonly batch?: number;
  /**
   * How long a thread may take to stop a task that nobody waits for any more, or to end by itself, before it
   * is ended; 10 000 by default. Every stage ends by itself, and mostly sooner than another thread would have
   * its models.
   */
  readonly graceMilliseconds?: number;
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

/**
 * Worker threads that each hold every model, and the queue before them: first come, first served, a
 * limited number of places. A free thread takes one task, or its share of the queue where threads do not keep
 * up, so that acoustic models hear several in one run. A task that is given up leaves the queue at once, or
 * stops at its next stage. A thread that dies takes its tasks with it and is replaced; until then the others
 * wait in the queue. Threads end by themselves when the pool closes, and a process that exits before waits
 * until none is inside a graph.
 *
 * (Piscina ends the thread of a running task that is aborted. ONNX Runtime turns that into an abort of
 * the whole process; see `ThreadControl`.)
 */
export class WorkerPool {
  private readonly setup: WorkerSetup;
  private readonly size: number;
  private readonly queueLimit: number;
  private readonly batch: number;
  private readonly graceMilliseconds: number;
  private readonly restartPauseMilliseconds: number;
  private readonly events: PoolEvents;
  private readonly workers = new Set<WorkerThread>();
  private readonly queue: Job[] = [];
  private readonly restarts = new Set<NodeJS.Timeout>();
  private readonly starting = Promise.withResolvers<readonly LoadedModel[]>();
  private readonly idle = Promise.withResolvers<void>();
  private started = false;
  private closing = false;
  private closed: Promise<void> | undefined;
  private failedStarts = 0; // in a row

  constructor(setup: WorkerSetup, limits: PoolLimits, events: PoolEvents = {}) {
    this.setup = setup;
    this.size = limits.workers;
    this.queueLimit = limits.queueLimit;
    this.batch = limits.batch ?? 1;
    this.graceMilliseconds = limits.graceMilliseconds ?? 10_000;
    this.restartPauseMilliseconds = limits.restartPauseMilliseconds ?? 1000;
    this.events = events;
  }

  /**
   * Starts the workers; resolves when all have loaded all models.
   * @throws Error with the first worker's reason if one cannot
   */
  start(): Promise<readonly LoadedModel[]> {
    process.on('exit', this.beforeExit);
    for (let count = 0; count < this.size; count++) this.spawn();
    return this.starting.promise;
  }

  /** Tasks that wait for a worker. */
  get queued(): number {
    return this.queue.length;
  }

  /** Workers that have tasks. */
  get running(): number {
    return [...this.workers].filter(({ isBusy }) => isBusy).length;
  }

  /** Workers that have their models. */
  get loadedWorkers(): number {
    return [...this.workers].filter(({ isLoaded }) => isLoaded).length;
  }

  /** Whether no worker is left and several in a row could not be started. It is still being tried. */
  get failing(): boolean {
    return this.failedStarts >= failedStartLimit && this.loadedWorkers === 0;
  }

  /** The threads, for whoever watches them. */
  get threads(): Worker[] {
    return [...this.workers].map(({ worker }) => worker);
  }

  /** What each thread is at. */
  get activities(): Activity[] {
    return [...this.workers].map(({ activity }) => activity);
  }

  /**
   * Has a task done by the next free worker, along with others if they wait too.
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
    if (this.freeThread() === undefined && this.queue.length >= this.queueLimit)
      return Promise.reject(
        new SoriError('queue_full', `the queue is full: ${this.queueLimit} requests wait already`),
      );
    const job = new Job(task);
    const abort = (): void => this.abort(job, signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.queue.push(job);
    this.dispatch();
    // A worker answers every task in the task's own kind.
    const answer = job.answer as Promise<PoolAnswer<Task['kind']>>;
    return answer.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Takes no more tasks, finishes those it has, and ends the threads; asked again, it is the same end. */
  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    this.closing = true;
    for (const restart of this.restarts) clearTimeout(restart);
    if (this.workers.size === 0) this.failQueue();
    this.checkIdle();
    await this.idle.promise;
    await Promise.all([...this.workers].map((thread) => thread.end()));
    process.off('exit', this.beforeExit);
  }

  /** The process exits and will end the threads: none may be inside a graph then. */
  private readonly beforeExit = (): void => {
    for (const thread of this.workers) thread.raiseStop();
    for (const thread of this.workers) thread.waitOutsideGraph();
  };

  private spawn(): void {
    const { batch, graceMilliseconds } = this;
    const thread = new WorkerThread(
      this.setup,
      { batch, graceMilliseconds },
      {
        loaded: (models) => this.welcome(models),
        worked: (work) => {
          this.events.worked?.(work);
          this.dispatch();
        },
        ended: (cause) => this.bury(thread, cause),
      },
    );
    this.workers.add(thread);
  }

  private freeThread(): WorkerThread | undefined {
    for (const thread of this.workers) if (thread.isFree) return thread;
    return undefined;
  }

  private dispatch(): void {
    for (let thread = this.freeThread(); thread !== undefined; thread = this.freeThread()) {
      const share = Math.ceil(this.queue.length / this.loadedWorkers);
      const jobs = this.queue.splice(0, Math.min(share, this.batch));
      if (jobs.length === 0) break;
      for (const job of jobs) this.leaveQueue(job);
      thread.give(jobs);
    }
    this.checkIdle();
  }

  private leaveQueue(job: Job): void {
    this.events.queueLeft?.(job.leaveQueue());
  }

  /** Another thread has its models. */
  private welcome(models: readonly LoadedModel[]): void {
    this.failedStarts = 0;
    if (this.loadedWorkers === this.size) {
      this.started = true;
      this.starting.resolve(models);
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
    for (const thread of this.workers) thread.giveUp(job);
  }

  /** A thread has ended, and its tasks with it; unless the pool is closing, another takes its place. */
  private bury(thread: WorkerThread, cause: string): void {
    const { isLoaded: loaded, isBusy } = thread;
    this.workers.delete(thread);
    if (!loaded) {
      this.failedStarts++;
      this.starting.reject(new Error(cause));
    }
    if (this.started || loaded) {
      const restartMilliseconds = this.closing ? undefined : this.replace(loaded);
      const ending = this.closing && this.queue.length === 0 && !isBusy;
      if (!ending) this.events.workerEnded?.({ cause, loaded, restartMilliseconds });
    }
    if (this.failing || (this.closing && this.workers.size === 0)) this.failQueue();
    this.checkIdle();
  }

  /** Starts another worker: at once, or after a pause if the one that ended could not even load. */
  private replace(loaded: boolean): number {
    if (loaded) {
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

  /** While closing: no task is left and no thread is inside ONNX Runtime, so threads may end. */
  private checkIdle(): void {
    const busy = [...this.workers].some(({ isLoaded, isBusy }) => !isLoaded || isBusy);
    if (this.closing && this.queue.length === 0 && !busy) this.idle.resolve();
  }
}

function noWorker(): SoriError {
  return new SoriError('not_ready', 'no worker is left to do this request');
}
