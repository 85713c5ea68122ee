import type { AcousticModel } from '../acoustic/acoustic-model.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { FeatureMatrix } from '../features/feature-matrix.ts';
import { type BatchLimits, batchesOfSimilarLength } from './similar-lengths.ts';
import type { Checkpoint, Inferred } from './staged-run.ts';

/** What came of a run that so many sequences shared. */
export type InferredTogether = Inferred & { readonly batch: number };

/** A recognition's `infer`, for a member of a company. */
export type InferTogether = (
  model: AcousticModel,
  features: FeatureMatrix,
) => Promise<InferredTogether>;

/** A task that is done along with others. */
export type Member = {
  /** Throws once the member is to stop. */
  readonly checkpoint: Checkpoint;
  /** Does the task; never rejects. */
  readonly work: (infer: InferTogether) => Promise<void>;
};

/** A member that waits for an acoustic model. */
type Wish = {
  readonly model: AcousticModel;
  readonly features: FeatureMatrix;
  readonly checkpoint: Checkpoint;
  /** Either lets the member go on, and resolves when it waits again or has ended. */
  readonly grant: (inferred: InferredTogether) => Promise<void>;
  readonly refuse: (reason: unknown) => Promise<void>;
};

/**
 * Does tasks along with each other on one thread. One after another goes until it waits for an acoustic model;
 * then each model hears, in one run, what is of similar length, shorter ones first, and after each run its
 * members go on one by one, mostly to their end. So at any time one member works, or a model does for several.
 *
 * What happens to one is its own: where it is stopped it only leaves the next run, and where a run of several
 * fails each is run by itself.
 */
export class Company {
  private readonly limits: BatchLimits;
  private readonly waiting: Wish[] = [];

  /** @param limits of a run; members that wait hold as many frames, and one member's more, at most */
  constructor(limits: BatchLimits) {
    this.limits = limits;
  }

  /** Resolves when every member has ended. */
  async work(members: readonly Member[]): Promise<void> {
    for (const member of members) {
      await this.start(member);
      const frames = this.waiting.reduce((sum, { features }) => sum + features.frames, 0);
      if (frames >= this.limits.frames) await this.hear();
    }
    while (this.waiting.length > 0) await this.hear();
  }

  /** Resolves when the member waits or has ended. */
  private start({ checkpoint, work }: Member): Promise<void> {
    let pause = Promise.withResolvers<void>();
    const goOn = (push: () => void): Promise<void> => {
      pause = Promise.withResolvers();
      push();
      return pause.promise;
    };
    const infer: InferTogether = (model, features) => {
      const { promise, resolve, reject } = Promise.withResolvers<InferredTogether>();
      this.waiting.push({
        model,
        features,
        checkpoint,
        grant: (inferred) => goOn(() => resolve(inferred)),
        refuse: (reason) => goOn(() => reject(reason)),
      });
      pause.resolve();
      return promise;
    };
    return goOn(() => void work(infer).finally(() => pause.resolve()));
  }

  /** Grants what is waited for now; some will wait again. */
  private async hear(): Promise<void> {
    const wishes = this.waiting.splice(0);
    const models = new Set(wishes.map(({ model }) => model));
    // Runs that are shared do not wait for those that would not be.
    for (const model of [...models].sort((a, b) => Number(b.batches) - Number(a.batches))) {
      const its = wishes.filter((wish) => wish.model === model);
      const limits = model.batches ? this.limits : { ...this.limits, size: 1 };
      const framesOf = ({ features }: Wish) => features.frames;
      for (const batch of batchesOfSimilarLength(its, framesOf, limits))
        await this.run(model, batch);
    }
  }

  private async run(model: AcousticModel, wishes: readonly Wish[]): Promise<void> {
    const staying: Wish[] = [];
    for (const wish of wishes) {
      try {
        wish.checkpoint('inference');
        staying.push(wish);
      } catch (stop) {
        await wish.refuse(stop);
      }
    }
    if (staying.length === 0) return;
    const start = performance.now();
    let emissions: EmissionMatrix[];
    try {
      emissions = await model.run(staying.map(({ features }) => features));
    } catch (cause) {
      if (staying.length === 1) await staying[0]!.refuse(cause);
      else for (const wish of staying) await this.run(model, [wish]);
      return;
    }
    const batch = staying.length;
    const milliseconds = (performance.now() - start) / batch;
    for (const [n, wish] of staying.entries())
      await wish.grant({ emissions: emissions[n]!, milliseconds, batch });
  }
}
