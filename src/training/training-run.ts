import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FeatureRecipe, featureDims } from '../features/recipe.ts';
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
import { DevSets } from './dev-sets.ts';
import { learningCurveSvg } from './learning-curve.ts';
import { MetricsLog } from './metrics-log.ts';
import { ctcTask, type NetworkTask, type StartingPoint } from './network-task.ts';
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
  /** What a new run begins with otherwise; chance and a measured normalisation without either. */
  readonly start?: StartingPoint;
  /** What to make of the recordings; by default, to learn by CTC what is said in them. */
  readonly task?: (definition: BatchSourceDefinition) => Promise<NetworkTask>;
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
  readonly devSets: DevSets;
  readonly seconds: number;
};

/** Steps over which a line of the metrics log takes its means. */
const logEvery = 50;

/**
 * Trains a network from recordings, with CTC or as a task has it: loads them, measures the normalisation, then steps, evaluates
 * and writes checkpoints until the configured end, early stopping, or the signal.
 * @throws what loading throws; the signal's reason when it stops the run, after a last checkpoint
 */
export async function runTraining(options: RunOptions): Promise<RunResult> {
  const { configuration, runFolder, signal } = options;
  if (configuration.startShare > 0 && (options.startFrom ?? options.start) === undefined)
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
  const start = checkpoint === undefined ? await startingPoint(options) : undefined;
  const normalisation =
    (checkpoint ?? start)?.normalisation ??
    measureNormalisation(definition, configuration.normalisationExamples);
  const recipe = normalised(features, normalisation);
  const devSets = await DevSets.load(configuration, recipe, options.corporaRoots, loading);
  signal.throwIfAborted();

  const normalisedDefinition = { ...definition, recipe };
  const task = await (options.task?.(normalisedDefinition) ??
    ctcTask(configuration, normalisedDefinition));
  signal.throwIfAborted();

  const shape = { inputs: featureDims(recipe), labels: task.labels, objective: task.objective };
  const trainer = await Trainer.create(configuration, shape, options.threads);
  if (checkpoint !== undefined) trainer.restore(checkpoint);
  else if (start !== undefined) trainer.beginWith(start.parameters);
  const startedAt = performance.now();
  const secondsSoFar = () =>
    ((checkpoint ?? start)?.seconds ?? 0) + (performance.now() - startedAt) / 1000;
  const save = () =>
    writeCheckpoint(
      checkpointPath,
      trainer.toCheckpoint({ configurationSha256, seconds: secondsSoFar(), normalisation }),
    );
  try {
    await trainSteps(task, trainer, devSets, log, save, options);
  } catch (error) {
    await trainer.release();
    throw error;
  }
  return { trainer, recipe, data, devSets, seconds: secondsSoFar() };
}

async function trainSteps(
  task: NetworkTask,
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
  const prefetcher = new Prefetcher(task.definition, { workers: options.dataWorkers });
  try {
    for await (const batch of prefetcher.from(trainer.stepsDone)) {
      const result = await trainer.step(batch);
      window.add(result);
      options.onStep?.(result, window.framesPerSecond);
      const { stepsDone } = trainer;
      if (stepsDone % logEvery === 0) await log.append(window.flush());
      if (stepsDone % configuration.evaluateEvery === 0 || stepsDone === configuration.steps) {
        const { architecture, servedParameters } = trainer;
        const scores = await task.evaluate(architecture, servedParameters, devSets);
        const evaluation = { step: stepsDone, ...scores };
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

async function startingPoint({ startFrom, start }: RunOptions): Promise<StartingPoint | undefined> {
  if (startFrom === undefined) return start;
  const { vectors, normalisation, seconds } = await readCheckpoint(startFrom);
  return { parameters: vectors['best'] ?? new Float32Array(0), normalisation, seconds };
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
