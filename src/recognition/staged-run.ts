import type { AcousticModel } from '../acoustic/acoustic-model.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';

/** The stages of a recognition, in order. */
export const stages = ['audio', 'features', 'inference', 'search'] as const;
export type Stage = (typeof stages)[number];

/** Called as each stage begins, and again within a long one; it stops the recognition by throwing. */
export type Checkpoint = (stage: Stage) => void;

/** Milliseconds of the stages that ran. */
export type StageTimes = Readonly<Partial<Record<Stage, number>>>;

/** What an acoustic model made of some features, and the milliseconds of its run: their share, if it was shared. */
export type Inferred = { readonly emissions: EmissionMatrix; readonly milliseconds: number };

/** Has an acoustic model hear features. */
export type Infer = (model: AcousticModel, features: FeatureMatrix) => Promise<Inferred>;

/** Who has a say in a recognition. */
export type RunControl = {
  readonly checkpoint?: Checkpoint | undefined;
  /** By default the model hears these features at once and alone. */
  readonly infer?: Infer | undefined;
};

/** Runs stages one after another, between checkpoints, and times them. */
export class StagedRun {
  /** What each stage took, with what it rests on of earlier runs. */
  readonly milliseconds: Partial<Record<Stage, number>> = {};
  /** The part of `milliseconds` that earlier runs spent. */
  readonly spentBefore: Partial<Record<Stage, number>> = {};
  readonly checkpoint: Checkpoint;
  private readonly runModel: Infer;

  constructor({ checkpoint = () => {}, infer = inferAlone }: RunControl = {}) {
    this.checkpoint = checkpoint;
    this.runModel = infer;
  }

  async stage<Result>(name: Stage, work: () => Result | Promise<Result>): Promise<Result> {
    this.checkpoint(name);
    const start = performance.now();
    const result = await work();
    this.milliseconds[name] = performance.now() - start + (this.spentBefore[name] ?? 0);
    return result;
  }

  /** Counts to a stage that is under way what it need not do, because an earlier run has: so long as that took. */
  restsOn(name: Stage, milliseconds: number): void {
    this.spentBefore[name] = (this.spentBefore[name] ?? 0) + milliseconds;
  }

  /** The stage `inference`: one that is shared takes as long as its share of the run. */
  async infer(model: AcousticModel, features: FeatureMatrix): Promise<EmissionMatrix> {
    this.checkpoint('inference');
    const { emissions, milliseconds } = await this.runModel(model, features);
    this.milliseconds.inference = milliseconds;
    return emissions;
  }
}

const inferAlone: Infer = async (model, features) => {
  const start = performance.now();
  const [emissions] = await model.run([features]);
  return { emissions: emissions!, milliseconds: performance.now() - start };
};
