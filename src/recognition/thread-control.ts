import { type Stage, stages } from './staged-run.ts';

/** What a thread is at: nothing, loading or releasing its models, or a stage of a task. */
export type Activity = 'idle' | 'models' | Stage;

const activities: readonly Activity[] = ['idle', 'models', ...stages];
/** Behind these stands one more `stop` for each task that the thread may have at once. */
const field = { stop: 0, activity: 1, stopTask: 2 } as const;

/** Thrown in a thread where it would have begun something after it was told to stop. */
export class Stopped extends Error {}

/**
 * Memory that the pool shares with one of its threads. A thread that runs an ONNX graph must not be
 * terminated, by a process that exits neither: ONNX Runtime aborts the whole process when its thread's
 * environment is gone as it returns. So the pool raises `stop`, the thread says what it begins and then
 * looks at it, and whoever has raised it and then sees the thread outside a graph knows that none will be
 * entered any more.
 */
export class ThreadControl {
  /** For the other side. */
  readonly memory: SharedArrayBuffer;
  private readonly fields: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.fields = new Int32Array(memory);
  }

  /** For a thread that may have so many tasks at once. */
  static forTasks(count: number): ThreadControl {
    const bytes = (field.stopTask + count) * Int32Array.BYTES_PER_ELEMENT;
    return new ThreadControl(new SharedArrayBuffer(bytes));
  }

  get activity(): Activity {
    return activities[Atomics.load(this.fields, field.activity)]!;
  }

  /** Whether the thread may be inside ONNX Runtime. */
  get isInGraph(): boolean {
    return isNative(this.activity);
  }

  /** Has the thread stop at the next thing that it would begin. */
  raiseStop(): void {
    Atomics.store(this.fields, field.stop, 1);
  }

  /** Has it stop one of its tasks at the next thing that it would begin for that. */
  raiseTaskStop(place: number): void {
    Atomics.store(this.fields, field.stopTask + place, 1);
  }

  /** Takes back whatever was raised. */
  lowerStops(): void {
    for (let index = 0; index < this.fields.length; index++)
      if (index !== field.activity) Atomics.store(this.fields, index, 0);
  }

  /** Blocks this thread until the other one is outside a graph, or for so long. */
  waitOutsideGraph(milliseconds: number): void {
    const end = performance.now() + milliseconds;
    for (;;) {
      const seen = Atomics.load(this.fields, field.activity);
      const left = end - performance.now();
      if (!isNative(activities[seen]!) || left <= 0) return;
      Atomics.wait(this.fields, field.activity, seen, left);
    }
  }

  /**
   * The thread's own word on what it begins, and for which of its tasks.
   * @throws Stopped
   */
  begin(activity: Exclude<Activity, 'idle'>, place?: number): void {
    this.say(activity);
    const isRaised = (index: number) => Atomics.load(this.fields, index) !== 0;
    if (isRaised(field.stop) || (place !== undefined && isRaised(field.stopTask + place)))
      throw new Stopped('told to stop');
  }

  /** The thread's own word that it has ended what it began. */
  rest(): void {
    this.say('idle');
  }

  private say(activity: Activity): void {
    Atomics.store(this.fields, field.activity, activities.indexOf(activity));
    Atomics.notify(this.fields, field.activity);
  }
}

function isNative(activity: Activity): boolean {
  return activity === 'inference' || activity === 'models';
}
