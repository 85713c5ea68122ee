import type { EmissionLearner, EmissionModel } from './emission-model.ts';
import type { GaussianMixtures } from './gaussian-mixtures.ts';
import { MixtureScorer, type MixtureScores } from './mixture-scorer.ts';
import { MixtureStatistics } from './mixture-statistics.ts';
import { type UpdateOptions, updateMixtures } from './mixture-update.ts';

/** A `FeatureMatrix` is one; so are doubles. */
export type VectorSequence = {
  readonly frames: number;
  /** frames × dims; `[t * dims + d]`, finite */
  readonly values: Float32Array | Float64Array;
};

/** States that emit vectors, each from its mixture of Gaussians: one component makes it a Gaussian. */
export class MixtureEmissions
  implements EmissionModel<VectorSequence, MixtureScores, MixtureEmissions>
{
  readonly mixtures: GaussianMixtures;
  private readonly options: UpdateOptions;
  private readonly scorer: MixtureScorer;

  /** @param options how they are re-estimated */
  constructor(mixtures: GaussianMixtures, options: UpdateOptions) {
    this.mixtures = mixtures;
    this.options = options;
    this.scorer = new MixtureScorer(mixtures);
  }

  score({ values, frames }: VectorSequence): MixtureScores {
    return this.scorer.score(values, frames);
  }

  learner(): EmissionLearner<VectorSequence, MixtureScores, MixtureEmissions> {
    const { mixtures, options } = this;
    const statistics = new MixtureStatistics(mixtures.logWeights.length, mixtures.dims);
    return {
      learn: ({ values }, scores, posteriors) =>
        statistics.addPosteriors(values, scores, posteriors),
      finish: () => new MixtureEmissions(updateMixtures(mixtures, statistics, options), options),
    };
  }
}
