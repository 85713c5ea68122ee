import { Random } from '../math/random.ts';
import type { Checkpoint, DevEvaluation } from './checkpoint.ts';
import type { TrainingConfiguration } from './configuration.ts';
import type { TrainingBatch } from './data/batch.ts';
import type { NormalisationStatistics } from './data/normalisation.ts';
import { GradientPool } from './gradient-pool.ts';
import type { NetworkArchitecture } from './network/architecture.ts';
import { initialParameters } from './network/parameters.ts';
import type { Objective } from './objective.ts';
import { adam } from './optimizer/adam.ts';
import { clipGradient } from './optimizer/clipping.ts';
import { initialSlots, type Optimizer } from './optimizer/optimizer.ts';
import { learningRateAt } from './optimizer/schedule.ts';
import { sgd } from './optimizer/sgd.ts';
import { dropoutMasks, withWeightNoise } from './regularisation.ts';

export type StepResult = {
  readonly step: number;
  /** Mean loss of the batch's sequences, in nats; those whose target is impossible left out. */
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Frames of all sequences without padding. */
  readonly frames: number;
};

// Streams of random numbers that share the run's seed with the data's streams and must differ from them.
const initialStream = 101;
const noiseStream = 102;

/**
 * A network in training: weights, their running mean, the optimizer's memory and the best weights so
 * far. One call of `step` is one update; what it does depends on the configuration, the batch and the
 * state alone, so that a run taken up from a checkpoint ends with the same weights as one never stopped.
 */
export class Trainer {
  readonly architecture: NetworkArchitecture;
  /** Steps done. */
  stepsDone = 0;
  best: DevEvaluation | null = null;
  evaluationsSinceBest = 0;
  readonly configuration: TrainingConfiguration;
  private readonly gradients: GradientPool;
  private readonly optimizer: Optimizer;
  private readonly parameters: Float32Array;
  private readonly averaged: Float32Array;
  private readonly bestParameters: Float32Array;
  /** What the run began with. */
  private readonly start: Float32Array;
  private readonly slots: Float32Array[];

  private constructor(configuration: TrainingConfiguration, gradients: GradientPool) {
    const { optimizer, seed } = configuration;
    this.configuration = configuration;
    this.gradients = gradients;
    this.architecture = gradients.architecture;
    this.optimizer = optimizer.kind === 'adam' ? adam(optimizer) : sgd(optimizer);
    this.parameters = initialParameters(this.architecture, Random.forStream(seed, initialStream));
    this.averaged = this.parameters.slice();
    this.bestParameters = this.parameters.slice();
    this.start = this.parameters.slice();
    this.slots = initialSlots(this.optimizer, this.parameters.length);
  }

  /** @param task widths of a feature frame and of the output, and what is to be learnt */
  static async create(
    configuration: TrainingConfiguration,
    { inputs, labels, objective }: { inputs: number; labels: number; objective: Objective },
    threads: number,
  ): Promise<Trainer> {
    const architecture = { ...configuration.architecture, inputs, labels };
    return new Trainer(
      configuration,
      await GradientPool.create(architecture, objective, configuration.shards, threads),
    );
  }

  /** Learns from one batch. */
  async step(batch: TrainingBatch): Promise<StepResult> {
    const { configuration, parameters } = this;
    const random = Random.forStream(configuration.seed, noiseStream, this.stepsDone);
    const noisy = withWeightNoise(parameters, configuration.weightNoise, random);
    const masks = dropoutMasks(this.architecture, configuration.dropout, batch.batch, random);
    const { losses, gradient } = await this.gradients.compute(noisy, { ...batch, masks });
    for (let index = 0; index < gradient.length; index++) gradient[index]! /= batch.batch;
    const gradientNorm = clipGradient(gradient, configuration.clipNorm);
    const learningRate = learningRateAt(
      configuration.schedule,
      this.stepsDone,
      configuration.steps,
    );
    this.stepsDone++;
    this.optimizer.update(parameters, gradient, this.slots, this.stepsDone, learningRate);
    this.average();
    return {
      step: this.stepsDone,
      loss: meanOfFinite(losses),
      gradientNorm,
      learningRate,
      frames: batch.lengths.reduce((sum, length) => sum + length, 0),
    };
  }

  /**
   * The weights that an evaluation or an export should use: their running mean, if one is kept, and with it
   * the configured share of what the run began with.
   */
  get servedParameters(): Float32Array {
    const { averagingDecay, startShare } = this.configuration;
    const learnt = averagingDecay > 0 ? this.averaged : this.parameters;
    if (startShare === 0) return learnt;
    return learnt.map((weight, index) => weight + startShare * (this.start[index]! - weight));
  }

  /** The weights of the best evaluation so far. */
  get bestServedParameters(): Float32Array {
    return this.bestParameters;
  }

  /** Notes how the current weights did on the dev sets; true when that is the best so far. */
  recordEvaluation(evaluation: DevEvaluation): boolean {
    if (this.best !== null && evaluation.score >= this.best.score) {
      this.evaluationsSinceBest++;
      return false;
    }
    this.best = evaluation;
    this.evaluationsSinceBest = 0;
    this.bestParameters.set(this.servedParameters);
    return true;
  }

  /** True once the configured steps are done or the dev score has stopped improving. */
  get isFinished(): boolean {
    const { steps, patience } = this.configuration;
    const impatient = patience !== undefined && this.evaluationsSinceBest >= patience;
    return this.stepsDone >= steps || impatient;
  }

  toCheckpoint(run: {
    configurationSha256: string;
    seconds: number;
    normalisation: NormalisationStatistics;
  }): Checkpoint {
    return {
      ...run,
      step: this.stepsDone,
      best: this.best,
      evaluationsSinceBest: this.evaluationsSinceBest,
      vectors: this.vectors(),
    };
  }

  /** @throws Error when the checkpoint's vectors are not those of this network and optimizer */
  restore(checkpoint: Checkpoint): void {
    for (const [name, vector] of Object.entries(this.vectors())) {
      const stored = checkpoint.vectors[name];
      if (stored?.length !== vector.length) {
        throw new Error(
          `expected ${vector.length} numbers of ${name} in the checkpoint, got ${stored?.length ?? 'none'}`,
        );
      }
      vector.set(stored);
    }
    this.stepsDone = checkpoint.step;
    this.best = checkpoint.best;
    this.evaluationsSinceBest = checkpoint.evaluationsSinceBest;
  }

  /**
   * Begins with the weights of another network, or that another run would have exported, and nothing else.
   * @throws Error when they are not those of this network
   */
  beginWith(weights: Float32Array): void {
    if (weights.length !== this.parameters.length) {
      throw new Error(
        `expected ${this.parameters.length} weights to begin with, got ${weights.length}`,
      );
    }
    const { parameters, averaged, bestParameters, start } = this;
    for (const vector of [parameters, averaged, bestParameters, start]) vector.set(weights);
  }

  async release(): Promise<void> {
    await this.gradients.release();
  }

  private vectors(): Record<string, Float32Array> {
    const slots = this.slots.map((slot, index) => [`optimizer.${index}`, slot] as const);
    return {
      parameters: this.parameters,
      averaged: this.averaged,
      best: this.bestParameters,
      start: this.start,
      ...Object.fromEntries(slots),
    };
  }

  /** Running mean of the weights (Polyak & Juditsky 1992), short at first so that it forgets the start. */
  private average(): void {
    const decay = Math.min(
      this.configuration.averagingDecay,
      this.stepsDone / (this.stepsDone + 10),
    );
    const { averaged, parameters } = this;
    for (let index = 0; index < averaged.length; index++) {
      averaged[index] = decay * averaged[index]! + (1 - decay) * parameters[index]!;
    }
  }
}

function meanOfFinite(losses: Float64Array): number {
  const finite = losses.filter(Number.isFinite);
  return finite.reduce((sum, loss) => sum + loss, 0) / Math.max(1, finite.length);
}
