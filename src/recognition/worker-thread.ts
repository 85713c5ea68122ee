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

/** A thread of a pool, from its start to its end; it does one job at a time. */
export class WorkerThread {
  readonly worker: Worker;
  private readonly control = new ThreadControl();
  private readonly graceMilliseconds: number;
  private readonly events: ThreadEvents;
  private readonly exited = Promise.withResolvers<void>();
  private currentJob: Job | undefined;
  private loaded = false;
  private ending = false;
  private hasExited = false;
  /** Why the pool ends it, or what it has said of its end itself. */
  private endCause: string | undefined;

  /** @param graceMilliseconds how long it may take to stop before it is ended */
  constructor(setup: WorkerSetup, graceMilliseconds: number, events: ThreadEvents) {
    const workerData: WorkerStart = { setup, control: this.control.memory };
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

  /** Whether it may be given a job. One that is being ended may not: it would take the job with it. */
  get isFree(): boolean {
    return this.loaded && !this.ending && this.currentJob === undefined;
  }

  get job(): Job | undefined {
    return this.currentJob;
  }

  get activity(): Activity {
    return this.control.activity;
  }

  give(job: Job): void {
    const { task } = job;
    this.currentJob = job;
    this.control.lowerStop();
    this.send({ kind: 'task', task }, [task.bytes.buffer as ArrayBuffer]);
  }

  /** Has it stop its job, which nobody waits for any more; a thread that does not in time is ended. */
  giveUp(): void {
    const job = this.currentJob;
    this.control.raiseStop();
    const hasStopped = () => this.currentJob !== job;
    this.endUnless(hasStopped, 'a request was given up and did not stop in time');
  }

  /** Has it release its models and end by itself; a thread that does not in time is ended. */
  async end(): Promise<void> {
    this.ending = true;
    this.control.lowerStop();
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
      const { work, ...end } = message;
      this.currentJob?.settle(end, work);
      this.currentJob = undefined;
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
    this.currentJob?.reject(new SoriError('worker_died', message, { cause }));
    this.hasExited = true;
    this.exited.resolve();
    this.events.ended(cause);
  }
}
