/** The stages of a recognition, in order. */
export const stages = ['audio', 'features', 'inference', 'search'] as const;
export type Stage = (typeof stages)[number];

/** Called as each stage begins, and again within a long one; it stops the recognition by throwing. */
export type Checkpoint = (stage: Stage) => void;

/** Milliseconds of the stages that ran. */
export type StageTimes = Readonly<Partial<Record<Stage, number>>>;

/** Runs stages one after another, between checkpoints, and times them. */
export class StagedRun {
  readonly milliseconds: Partial<Record<Stage, number>> = {};
  readonly checkpoint: Checkpoint;

  constructor(checkpoint: Checkpoint = () => {}) {
    this.checkpoint = checkpoint;
  }

  async stage<Result>(name: Stage, work: () => Result | Promise<Result>): Promise<Result> {
    this.checkpoint(name);
    const start = performance.now();
    const result = await work();
    this.milliseconds[name] = performance.now() - start;
    return result;
  }
}
