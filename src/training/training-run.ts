import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AcousticModel } from '../acoustic/acoustic-model.ts';
import { Alphabet } from '../alphabet/alphabet.ts';
import { CtcGreedyDecoder } from '../ctc/greedy.ts';
import { type FeatureRecipe, featureDims } from '../features/recipe.ts';
import { encodeModel } from '../onnx/encode.ts';
import {
  type Checkpoint,
  type DevEvaluation,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoint.ts';
import type { TrainingConfiguration } from './configuration.ts';
import type { BatchSourceDefinition } from './data/batch-source.ts';
import type { LoadOptions } from './data/corpus.ts';
import { type LoadedData, loadTrainingData } from './data/load.ts';
import { measureNormalisation, normalised } from './data/normalisation.ts';
import { Prefetcher } from './data/prefetcher.ts';
import { type DevScores, DevSets } from './dev-sets.ts';
import { learningCurveSvg } from './learning-curve.ts';
import { MetricsLog } from './metrics-log.ts';
import { exportGraph } from './network/export-graph.ts';
import { type StepResult, Trainer } from './trainer.ts';
import { writeWhole } from './write-whole.ts';

export type RunOptions = {
  readonly configuration: TrainingConfiguration;
  /** Folders that hold the corpora. */
  readonly corporaRoots: readonly string[];
  /** Where checkpoint, metrics log and learning curve go. */
  readonly runFolder: string;
  readonly cacheFolder?: string | undefined;
  /** Take up the run from its checkpoint; without one there, begin. */
  readonly resume: boolean;
  /** A checkpoint of the same network, whose weights and normalisation a new run begins with. */
  readonly startFrom?: string | undefined;
  /** ONNX Runtime's, for each shard of a batch. */
  readonly threads: number;
  /** Threads that make batches. */
  readonly dataWorkers: number;
  readonly signal: AbortSignal;
  readonly onStage?: (stage: string) => void;
  readonly onStep?: (result: StepResult, framesPerSecond: number) => void;
  readonly onEvaluation?: (evaluation: DevEvaluation, isBest: boolean) => void;
};

export type RunResult = {
  readonly trainer: Trainer;
  /** The recipe with its measured normalisation. */
  readonly recipe: FeatureRecipe;
  readonly data: LoadedData;
  readonly seconds: number;
};

/** Steps over which a line of the metrics log takes its means. */
const logEvery = 50;

/**
 * Trains a CTC network from recordings: loads them, measures the normalisation, then steps, evaluates
 * and writes checkpoints until the configured end, early stopping, or the signal.
 * @throws what loading throws; the signal's reason when it stops the run, after a last checkpoint
 */
export async function runTraining(options: RunOptions): Promise<RunResult> {
  const { configuration, runFolder, signal } = options;
  if (configuration.startShare > 0 && options.startFrom === undefined)
    throw new Error('startShare: expected weights that the run begins with, got none');
  await mkdir(runFolder, { recursive: true });
  const checkpointPath = join(runFolder, 'checkpoint.bin');
  const log = new MetricsLog(join(runFolder, 'metrics.jsonl'));
  const configurationSha256 = createHash('sha256')
    .update(JSON.stringify(configuration))
    .digest('hex');
  const checkpoint = options.resume
    ? await checkpointOf(checkpointPath, configurationSha256)
    : undefined;
  if (checkpoint === undefined) await rm(log.path, { force: true });
  else await log.truncateAfter(checkpoint.step);

  const loading: LoadOptions = {
    sampleRateHz: configuration.features.sampleRateHz,
    ...(options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder }),
    onProgress: (done, total) => options.onStage?.(`decoding recordings ${done}/${total}`),
  };
  options.onStage?.('loading recordings');
  const data = await loadTrainingData(configuration.data, options.corporaRoots, loading);
  const { seed, augmentation, alphabet, features } = configuration;
  const definition = {
    seed,
    data: configuration.data,
    augmentation,
    recipe: features,
    alphabet,
    ...data,
  };
  options.onStage?.('measuring normalisation');
  const start =
    checkpoint === undefined && options.startFrom !== undefined
      ? await readCheckpoint(options.startFrom)
      : undefined;
  const normalisation =
    (checkpoint ?? start)?.normalisation ??
    measureNormalisation(definition, configuration.normalisationExamples);
  const recipe = normalised(features, normalisation);
  const devSets = await DevSets.load(configuration, recipe, options.corporaRoots, loading);
  signal.throwIfAborted();

  const trainer = await Trainer.create(configuration, featureDims(recipe), options.threads);
  if (checkpoint !== undefined) trainer.restore(checkpoint);
  else if (start !== undefined) trainer.beginWith(start);
  const startedAt = performance.now();
  const secondsSoFar = () =>
    ((checkpoint ?? start)?.seconds ?? 0) + (performance.now() - startedAt) / 1000;
  const save = () =>
    writeCheckpoint(
      checkpointPath,
      trainer.toCheckpoint({ configurationSha256, seconds: secondsSoFar(), normalisation }),
    );
  try {
    await trainSteps({ ...definition, recipe }, trainer, devSets, log, save, options);
  } catch (error) {
    await trainer.release();
    throw error;
  }
  return { trainer, recipe, data, seconds: secondsSoFar() };
}

async function trainSteps(
  definition: BatchSourceDefinition,
  trainer: Trainer,
  devSets: DevSets,
  log: MetricsLog,
  save: () => Promise<void>,
  options: RunOptions,
): Promise<void> {
  const { configuration, signal } = options;
  const window = new StepWindow();
  if (trainer.isFinished) return;
  options.onStage?.('training');
  const prefetcher = new Prefetcher(definition, { workers: options.dataWorkers });
  try {
    for await (const batch of prefetcher.from(trainer.stepsDone)) {
      const result = await trainer.step(batch);
      window.add(result);
      options.onStep?.(result, window.framesPerSecond);
      const { stepsDone } = trainer;
      if (stepsDone % logEvery === 0) await log.append(window.flush());
      if (stepsDone % configuration.evaluateEvery === 0 || stepsDone === configuration.steps) {
        const evaluation = { step: stepsDone, ...(await evaluate(trainer, devSets)) };
        const isBest = trainer.recordEvaluation(evaluation);
        await log.append({ kind: 'evaluation', ...evaluation });
        await save();
        await writeLearningCurve(configuration.name, log, options.runFolder);
        options.onEvaluation?.(evaluation, isBest);
        window.restartClock();
      }
      if (trainer.isFinished) break;
      if (signal.aborted) {
        await save();
        signal.throwIfAborted();
      }
    }
  } finally {
    await prefetcher.close();
  }
}

/** How the weights that would be served do on the dev sets, run as they would be. */
async function evaluate(trainer: Trainer, devSets: DevSets): Promise<DevScores> {
  const { architecture, configuration, servedParameters } = trainer;
  const graph = encodeModel(exportGraph(architecture, servedParameters));
  const shape = { dims: architecture.inputs, units: architecture.labels };
  const model = await AcousticModel.load(graph, shape);
  try {
    const decoder = new CtcGreedyDecoder(new Alphabet(configuration.alphabet));
    const [scores] = await devSets.evaluate(model, [decoder]);
    return scores!;
  } finally {
    await model.release();
  }
}

/** Means over the steps since the last line of the log. */
class StepWindow {
  private results: StepResult[] = [];
  private seconds = 0;
  private mark = performance.now();

  /** Notes a step and the time since the one before, waiting for its batch included. */
  add(result: StepResult): void {
    this.results.push(result);
    this.seconds += (performance.now() - this.mark) / 1000;
    this.restartClock();
  }

  get framesPerSecond(): number {
    const frames = this.results.reduce((sum, result) => sum + result.frames, 0);
    return frames / this.seconds;
  }

  flush() {
    const { results, framesPerSecond } = this;
    const mean = (key: 'loss' | 'gradientNorm') =>
      results.reduce((sum, result) => sum + result[key], 0) / results.length;
    const { step, learningRate } = results.at(-1)!;
    this.results = [];
    this.seconds = 0;
    return {
      kind: 'training' as const,
      step,
      loss: mean('loss'),
      gradientNorm: mean('gradientNorm'),
      learningRate,
      framesPerSecond: Math.round(framesPerSecond),
    };
  }

  /** Keeps time spent on something else, an evaluation say, out of the frames a second. */
  restartClock(): void {
    this.mark = performance.now();
  }
}

async function checkpointOf(
  path: string,
  configurationSha256: string,
): Promise<Checkpoint | undefined> {
  let checkpoint: Checkpoint;
  try {
    checkpoint = await readCheckpoint(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (checkpoint.configurationSha256 !== configurationSha256) {
    throw new Error(`${path}: the configuration has changed since this checkpoint was written`);
  }
  return checkpoint;
}

async function writeLearningCurve(name: string, log: MetricsLog, folder: string): Promise<void> {
  await writeWhole(join(folder, 'learning-curve.svg'), learningCurveSvg(name, await log.read()));
}
