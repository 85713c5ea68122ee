import { Worker } from 'node:worker_threads';
import type { AcousticWork } from '../acoustic/acoustic-model.ts';
import { SoriError } from '../errors.ts';
import type { Job } from './job.ts';
import { type Activity, ThreadControl } from './thread-control.ts';
import type {
  FromWorker,
  LoadedModel,
  ToWorker,
  WorkerSetup,
  WorkerStart,
} from './worker-protocol.ts';

/** What a thread tells its pool. */
export type ThreadEvents = {
  readonly loaded: (models: readonly LoadedModel[]) => void;
  /** It is done with a task, however the task ended. */
  readonly worked: (work: AcousticWork) => void;
  readonly ended: (cause: string) => void;
};

/** A thread of a pool, from its start to its end; it gets jobs together, and no others until all have ended. */
export class WorkerThread {
  readonly worker: Worker;
  private readonly control: ThreadControl;
  private readonly graceMilliseconds: number;
  private readonly events: ThreadEvents;
  private readonly exited = Promise.withResolvers<void>();
  /** By its place, each that has not ended. */
  private jobs = new Map<number, Job>();
  /** Of these, those that nobody waits for any more. */
  private readonly givenUp = new Set<Job>();
  private loaded = false;
  private ending = false;
  private hasExited = false;
  /** Why the pool ends it, or what it has said of its end itself. */
  private endCause: string | undefined;

  /**
   * @param limits.batch jobs that it may have at once
   * @param limits.graceMilliseconds how long it may take to stop before it is ended
   */
  constructor(
    setup: WorkerSetup,
    limits: { readonly batch: number; readonly graceMilliseconds: number },
    events: ThreadEvents,
  ) {
    const { batch, graceMilliseconds } = limits;
    this.control = ThreadControl.forTasks(batch);
    const workerData: WorkerStart = { setup, batch, control: this.control.memory };
    this.graceMilliseconds = graceMilliseconds;
    this.events = events;
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    this.worker.on('message', (message: FromWorker) => this.receive(message));
    this.worker.on('error', (error: Error) => {
      this.endCause = error.message;
    });
    this.worker.on('exit', (code) => this.bury(`exit code ${code}`));
  }

  /** Whether it has had its models. */
  get isLoaded(): boolean {
    return this.loaded;
  }

  get isBusy(): boolean {
    return this.jobs.size > 0;
  }

  /** Whether it may be given jobs. One that is being ended may not: it would take them with it. */
  get isFree(): boolean {
    return this.loaded && !this.ending && !this.isBusy;
  }

  get activity(): Activity {
    return this.control.activity;
  }

  give(jobs: readonly Job[]): void {
    this.jobs = new Map(jobs.entries());
    this.givenUp.clear();
    this.control.lowerStops();
    const tasks = jobs.map(({ task }) => task);
    this.send(
      { kind: 'tasks', tasks },
      tasks.map(({ bytes }) => bytes.buffer as ArrayBuffer),
    );
  }

  /** Has it stop a job, which nobody waits for any more, if that is one of its own. */
  giveUp(job: Job): void {
    for (const [place, own] of this.jobs) {
      if (own !== job) continue;
      this.givenUp.add(job);
      this.control.raiseTaskStop(place);
      this.endIfForsaken();
    }
  }

  /** A thread that does not stop in time when nobody waits for any of its jobs any more is ended. */
  private endIfForsaken(): void {
    const { jobs } = this;
    if ([...jobs.values()].some((job) => !this.givenUp.has(job))) return;
    const hasStopped = () => this.jobs !== jobs || jobs.size === 0;
    this.endUnless(hasStopped, 'a request was given up and did not stop in time');
  }

  /** Has it release its models and end by itself; a thread that does not in time is ended. */
  async end(): Promise<void> {
    this.ending = true;
    this.control.lowerStops();
    this.send({ kind: 'end' });
    this.endUnless(() => false, 'it did not end in time');
    await this.exited.promise;
  }

  /** Keeps it from entering another graph. */
  raiseStop(): void {
    this.control.raiseStop();
  }

  /** Blocks until it is outside a graph, or its grace is over. */
  waitOutsideGraph(): void {
    this.control.waitOutsideGraph(this.graceMilliseconds);
  }

  private send(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  private receive(message: FromWorker): void {
    if (message.kind === 'loaded') {
      this.loaded = true;
      this.events.loaded(message.models);
    } else if (message.kind === 'unloadable') {
      this.endCause = message.message; // it ends by itself
    } else {
      const { place, end, shared, work } = message;
      const job = this.jobs.get(place)!;
      job.settle(end, shared);
      this.jobs.delete(place);
      if (this.isBusy && !this.givenUp.has(job)) this.endIfForsaken();
      this.events.worked(work);
    }
  }

  /** Ends the thread once its grace is over, never inside a graph and not if it is done by then. */
  private endUnless(isDone: () => boolean, cause: string): void {
    const patience = setInterval(() => {
      if (this.hasExited || isDone()) {
        clearInterval(patience);
        return;
      }
      this.control.raiseStop();
      if (this.control.isInGraph) return;
      clearInterval(patience);
      this.ending = true;
      this.endCause = cause;
      void this.worker.terminate();
    }, this.graceMilliseconds);
    patience.unref();
  }

  private bury(exit: string): void {
    const cause = this.endCause ?? exit;
    const message = 'the worker that had this request died; another takes its place';
    for (const job of this.jobs.values())
      job.reject(new SoriError('worker_died', message, { cause }));
    this.hasExited = true;
    this.exited.resolve();
    this.events.ended(cause);
  }
}
