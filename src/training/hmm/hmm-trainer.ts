import { ConvergenceMonitor } from '../../hmm/convergence.ts';
import type { GaussianMixtures } from '../../hmm/emissions/gaussian-mixtures.ts';
import { splitMixtures } from '../../hmm/emissions/mixture-splitting.ts';
import { MixtureStatistics } from '../../hmm/emissions/mixture-statistics.ts';
import { updateMixtures } from '../../hmm/emissions/mixture-update.ts';
import { Random } from '../../math/random.ts';
import type { HmmStage, HmmTrainingConfiguration } from './configuration.ts';
import { type UnorderedUnit, unorderedUnits } from './flat-start.ts';
import { kMeans } from './k-means.ts';
import type { ShardPool } from './shard-pool.ts';
import { ClassStatistics, discriminants, type FrameTransform } from './transform.ts';
import { UnitCounts } from './unit-counts.ts';
import {
  columnCount,
  componentTargets,
  type HmmParameters,
  initialUnits,
  noiseUnit,
  silenceUnit,
} from './units.ts';

/** What one iteration did. */
export type IterationResult = {
  /** Counted from 0 over all stages. */
  readonly iteration: number;
  /** Counted from 0. */
  readonly stage: number;
  readonly method: HmmStage['method'];
  /** Gaussians, all states together. */
  readonly components: number;
  /** ln p a frame under the parameters that the iteration began with. */
  readonly logLikelihoodPerFrame: number;
  readonly frames: number;
  /** Examples too short for what is said in them. */
  readonly skipped: number;
};

/**
 * Embedded training (Young et al., "The HTK Book", chapter 8): from utterances of which only the words are
 * known to the parameters of all units. Each call of `step` is one iteration; what it does depends on the
 * configuration, the examples and the parameters alone.
 */
export class HmmTrainer {
  private readonly config: HmmTrainingConfiguration;
  private readonly pool: ShardPool;
  private readonly signal: AbortSignal;
  private current: HmmParameters;
  /** dims; least variance */
  private varianceFloor: Float64Array;
  private iterations: number;
  private stage: number;
  private monitor: ConvergenceMonitor;

  private constructor(
    config: HmmTrainingConfiguration,
    pool: ShardPool,
    signal: AbortSignal,
    state: HmmTrainerState,
  ) {
    this.config = config;
    this.pool = pool;
    this.signal = signal;
    this.current = state.parameters;
    this.varianceFloor = state.varianceFloor;
    this.iterations = state.iterations;
    this.stage = state.stage;
    this.monitor = this.monitorOf(state.history);
  }

  /** Begins with what loudness and the order of words say. */
  static async start(
    config: HmmTrainingConfiguration,
    lexicon: HmmParameters['lexicon'],
    pool: ShardPool,
    signal: AbortSignal,
  ): Promise<HmmTrainer> {
    const units = initialUnits(config.units, lexicon);
    const answers = await pool.ask(
      { kind: 'start', parameters: { units, lexicon } },
      'started',
      signal,
    );
    const dims = answers[0]!.statistics.mixtures.dims;
    const statistics = new MixtureStatistics(columnCount(units), dims);
    for (const { statistics: part } of answers) statistics.add(part.mixtures);
    const samplesOf = (unit: UnorderedUnit) =>
      concatenated(answers.map(({ statistics: part }) => part.samples[unit]));
    const random = Random.forStream(config.seed, 0);
    for (const unit of unorderedUnits.filter((name) => Object.hasOwn(units, name))) {
      // Noise without an example of its own begins as silence, and silence as noise.
      const own = samplesOf(unit);
      const samples =
        own.length > 0 ? own : samplesOf(unit === noiseUnit ? silenceUnit : noiseUnit);
      if (samples.length === 0)
        throw new Error(`expected examples with frames of ${unit}, got none`);
      const columns = units[unit]!.emissions;
      // Each cluster stands for a thousand frames: what it weighs in the next step does not matter.
      kMeans(samples, dims, columns.length, random).forEach(({ mean, variance }, index) => {
        const column = columns[index]!;
        statistics.occupancies[column] = clusterFrames;
        for (let d = 0; d < dims; d++) {
          statistics.sums[column * dims + d] = clusterFrames * mean[d]!;
          statistics.squares[column * dims + d] = clusterFrames * (variance[d]! + mean[d]! ** 2);
        }
      });
    }
    const varianceFloor = overallVariance(statistics).map((value) => value * config.varianceFloor);
    const mixtures = updateMixtures(standardMixtures(columnCount(units), dims), statistics, {
      ...updateOptions,
      varianceFloor,
      minOccupancy: 1,
    });
    const parameters = { lexicon, units, mixtures, transform: undefined };
    const none = { iterations: 0, stage: 0, history: [] };
    return new HmmTrainer(config, pool, signal, { parameters, varianceFloor, ...none });
  }

  /** Goes on where a checkpoint was written. */
  static async resume(
    config: HmmTrainingConfiguration,
    state: HmmTrainerState,
    pool: ShardPool,
    signal: AbortSignal,
  ): Promise<HmmTrainer> {
    await pool.ask({ kind: 'use', transform: state.parameters.transform }, 'used', signal);
    return new HmmTrainer(config, pool, signal, state);
  }

  get state(): HmmTrainerState {
    const { current: parameters, varianceFloor, iterations, stage, monitor } = this;
    return { parameters, varianceFloor, iterations, stage, history: monitor.history };
  }

  get isFinished(): boolean {
    return this.stage >= this.config.stages.length;
  }

  /** One iteration: at the beginning of a stage the transform and the split, then E and M. */
  async step(): Promise<IterationResult> {
    const { config, pool, signal } = this;
    const { stage: index, monitor } = this;
    const stage = config.stages[index];
    if (stage === undefined)
      throw new Error('[HmmTrainer.step] expected a stage that is not done, got none');
    const isFirst = monitor.history.length === 0;
    if (isFirst && stage.learnTransform) await this.learnTransform();
    if (isFirst) {
      const { units, mixtures } = this.current;
      const targets = componentTargets(units, stage.components);
      this.current = { ...this.current, mixtures: splitMixtures(mixtures, targets) };
    }
    const parameters = this.current;
    const { units, mixtures } = parameters;
    const request = {
      kind: 'estimate',
      parameters,
      method: stage.method,
      beam: config.beam,
    } as const;
    const answers = await pool.ask(request, 'estimated', signal);
    const statistics = new MixtureStatistics(mixtures.logWeights.length, mixtures.dims);
    const counts = new UnitCounts(units);
    const sum = { logLikelihood: 0, frames: 0, skipped: 0 };
    for (const { statistics: part } of answers) {
      statistics.add(part.mixtures);
      counts.merge(part.counts);
      sum.logLikelihood += part.logLikelihood;
      sum.frames += part.frames;
      sum.skipped += part.skipped;
    }
    const { varianceFloor } = this;
    this.current = {
      ...parameters,
      units: counts.update(units),
      mixtures: updateMixtures(mixtures, statistics, {
        ...updateOptions,
        varianceFloor,
        minOccupancy: config.minOccupancy,
      }),
    };
    monitor.report(sum.logLikelihood, Math.max(1, sum.frames));
    if (monitor.done) {
      this.stage++;
      this.monitor = this.monitorOf([]);
    }
    return {
      iteration: this.iterations++,
      stage: index,
      method: stage.method,
      components: mixtures.logWeights.length,
      logLikelihoodPerFrame: monitor.history.at(-1)!,
      frames: sum.frames,
      skipped: sum.skipped,
    };
  }

  /** Watches the stage that comes next or goes on. */
  private monitorOf(history: readonly number[]): ConvergenceMonitor {
    const { tolerance = -Infinity, iterations: maxIterations = 0 } =
      this.config.stages[this.stage] ?? {};
    return new ConvergenceMonitor({ tolerance, maxIterations }, history);
  }

  /**
   * Learns the transform from the best paths under the model so far. In the new space classes have the
   * covariance one on average, which is where the states begin.
   */
  private async learnTransform(): Promise<void> {
    const { config, pool, signal } = this;
    if (config.transform === undefined)
      throw new RangeError('[HmmTrainer] expected a transform in the configuration, got none');
    const { context, dims: outputDims } = config.transform;
    const { lexicon, units } = this.current;
    const request = { kind: 'classes', parameters: this.current, context } as const;
    const answers = await pool.ask(request, 'classified', signal);
    const width = answers[0]!.statistics.dims;
    const statistics = new ClassStatistics(columnCount(units), width);
    for (const { statistics: part } of answers) statistics.merge(part);
    const matrix = discriminants(statistics, outputDims);
    const inputDims = width / (2 * context + 1);
    const transform: FrameTransform = { context, inputDims, outputDims, matrix };
    const mixtures = standardMixtures(columnCount(units), outputDims);
    for (let s = 0; s < mixtures.states; s++) {
      const count = Math.max(1, statistics.counts[s]!);
      for (let o = 0; o < outputDims; o++) {
        let sum = 0;
        for (let j = 0; j < width; j++)
          sum += matrix[o * width + j]! * statistics.sums[s * width + j]!;
        mixtures.means[s * outputDims + o] = sum / count;
      }
    }
    this.varianceFloor = new Float64Array(outputDims).fill(config.varianceFloor);
    this.current = { lexicon, units, mixtures, transform };
    await pool.ask({ kind: 'use', transform }, 'used', signal);
  }
}

/** All that a run must keep to go on. */
export type HmmTrainerState = {
  readonly parameters: HmmParameters;
  readonly varianceFloor: Float64Array;
  readonly iterations: number;
  /** The stage that comes next or goes on, from 0. */
  readonly stage: number;
  /** ln p a frame of each of its iterations so far. */
  readonly history: readonly number[];
};

const clusterFrames = 1000;
const updateOptions = { starved: 'drop', weightFloor: 1e-5 } as const;

/** One Gaussian a state, all of mean zero and variance one. */
function standardMixtures(states: number, dims: number): GaussianMixtures {
  return {
    states,
    dims,
    componentStart: Int32Array.from({ length: states + 1 }, (_, s) => s),
    logWeights: new Float64Array(states),
    means: new Float64Array(states * dims),
    variances: new Float64Array(states * dims).fill(1),
  };
}

/** dims; variance of all frames that were counted */
function overallVariance({ dims, occupancies, sums, squares }: MixtureStatistics): Float64Array {
  const frames = occupancies.reduce((all, count) => all + count, 0);
  const totals = (values: Float64Array) =>
    Float64Array.from({ length: dims }, (_, d) => {
      let total = 0;
      for (let index = d; index < values.length; index += dims) total += values[index]!;
      return total / frames;
    });
  const mean = totals(sums);
  return totals(squares).map((square, d) => square - mean[d]! ** 2);
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const part of parts) {
    whole.set(part, filled);
    filled += part.length;
  }
  return whole;
}
