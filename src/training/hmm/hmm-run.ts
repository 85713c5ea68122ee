import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AcousticModel } from '../../acoustic/acoustic-model.ts';
import { vocabularyOf } from '../../alphabet/vocabulary.ts';
import { type FeatureRecipe, frameDims } from '../../features/recipe.ts';
import type { HmmDefinition } from '../../hmm/definition.ts';
import { encodeModel } from '../../onnx/encode.ts';
import type { TrainingConfiguration } from '../configuration.ts';
import type { BatchSourceDefinition } from '../data/batch-source.ts';
import type { LoadOptions } from '../data/corpus.ts';
import { type LoadedData, loadTrainingData } from '../data/load.ts';
import { measureNormalisation, normalised } from '../data/normalisation.ts';
import { DevSets } from '../dev-sets.ts';
import type { HmmTrainingConfiguration } from './configuration.ts';
import { readHmmCheckpoint, writeHmmCheckpoint } from './hmm-checkpoint.ts';
import { hmmDefinitionOf } from './hmm-definition.ts';
import { hmmGraph } from './hmm-graph.ts';
import { HmmTrainer, type IterationResult } from './hmm-trainer.ts';
import { ShardPool } from './shard-pool.ts';
import { type TriedDecoding, tuneDecoding } from './tune-decoding.ts';
import { type HmmParameters, trainingLexicon } from './units.ts';

export type HmmRunOptions = {
  /** The configuration that `configuration.base` names. */
  readonly base: TrainingConfiguration;
  readonly configuration: HmmTrainingConfiguration;
  /** Folders that hold the corpora. */
  readonly corporaRoots: readonly string[];
  /** Where checkpoint and metrics log go. */
  readonly runFolder: string;
  readonly cacheFolder?: string | undefined;
  /** Take up the run from its checkpoint; without one there, begin. */
  readonly resume: boolean;
  readonly signal: AbortSignal;
  readonly onStage?: (stage: string) => void;
  readonly onIteration?: (result: IterationResult) => void;
};

export type HmmRunResult = {
  readonly parameters: HmmParameters;
  /** The recipe with its normalisation. */
  readonly recipe: FeatureRecipe;
  /** The penalties that were tried on the dev sets, best first. */
  readonly tried: readonly TriedDecoding[];
  readonly data: LoadedData;
  readonly iterations: number;
  /** Frames of all examples. */
  readonly frames: number;
  readonly seconds: number;
};

/**
 * Trains an HMM from recordings: loads them, makes the examples, then iterates and writes a checkpoint
 * each time, until the configured end or the signal.
 * @throws what loading throws; the signal's reason when it stops the run
 */
export async function runHmmTraining(options: HmmRunOptions): Promise<HmmRunResult> {
  const { base, configuration, runFolder, signal } = options;
  if (base.alphabet.filler !== undefined && configuration.units.filler === undefined)
    throw new Error('the labels have a filler: expected units.filler in the configuration');
  const words = [...(vocabularyOf(base.alphabet) ?? [])];
  const lexicon = trainingLexicon(configuration.lexicon, words);
  await mkdir(runFolder, { recursive: true });
  const checkpointPath = join(runFolder, 'checkpoint.json');
  const logPath = join(runFolder, 'metrics.jsonl');
  // What decides the parameters; penalties may be tried anew on those of a finished run.
  const { decoding: _, tune: __, tried: ___, ...learning } = configuration;
  const configurationSha256 = createHash('sha256')
    .update(JSON.stringify([base, learning]))
    .digest('hex');
  const checkpoint = options.resume
    ? await readHmmCheckpoint(checkpointPath, configurationSha256)
    : undefined;
  await truncateLog(logPath, checkpoint?.iterations ?? 0);

  const loading: LoadOptions = {
    sampleRateHz: configuration.features.sampleRateHz,
    ...(options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder }),
    onProgress: (done, total) => options.onStage?.(`decoding recordings ${done}/${total}`),
  };
  options.onStage?.('loading recordings');
  const sources = { ...base.data, sources: configuration.sources ?? base.data.sources };
  const data = await loadTrainingData(sources, options.corporaRoots, loading);
  const raw = {
    seed: configuration.seed,
    data: sources,
    augmentation: configuration.augmentation ?? base.augmentation,
    recipe: configuration.features,
    alphabet: base.alphabet,
    ...data,
  };
  const recipe = withNormalisation(raw, base.normalisationExamples, configuration.adaptation);
  const definition = { ...raw, recipe };
  const startedAt = performance.now();
  const secondsSoFar = () => (checkpoint?.seconds ?? 0) + (performance.now() - startedAt) / 1000;
  const { examples, shards } = configuration;
  const pool = await ShardPool.create(definition, examples, shards, signal, (made) =>
    options.onStage?.(`making examples ${made}/${examples}`),
  );
  try {
    const trainer =
      checkpoint === undefined
        ? await HmmTrainer.start(configuration, lexicon, pool, signal)
        : await HmmTrainer.resume(configuration, checkpoint, pool, signal);
    options.onStage?.('training');
    while (!trainer.isFinished) {
      const result = await trainer.step();
      const state = { ...trainer.state, configurationSha256, seconds: secondsSoFar() };
      await writeHmmCheckpoint(checkpointPath, state);
      await appendFile(logPath, `${JSON.stringify(result)}\n`);
      options.onIteration?.(result);
    }
    const { parameters, iterations } = trainer.state;
    options.onStage?.('trying penalties on the dev sets');
    const devSets = await DevSets.load(base, recipe, options.corporaRoots, loading);
    const tried = await tryPenalties(parameters, configuration, devSets);
    const { frames } = pool;
    return { parameters, recipe, tried, data, iterations, frames, seconds: secondsSoFar() };
  } finally {
    await pool.release();
  }
}

/** The penalties on the dev sets, decoded by the graph that will be served. */
async function tryPenalties(
  parameters: HmmParameters,
  configuration: HmmTrainingConfiguration,
  devSets: DevSets,
): Promise<TriedDecoding[]> {
  const { mixtures, transform } = parameters;
  const shape = { dims: transform?.inputDims ?? mixtures.dims, units: mixtures.states };
  const graph = encodeModel(hmmGraph(mixtures, transform));
  const model = await AcousticModel.load(graph, shape, transform?.context ?? 0);
  try {
    const definitionOf = (decoding: HmmDefinition['decoding']) =>
      hmmDefinitionOf(parameters, decoding);
    return await tuneDecoding(model, definitionOf, configuration, devSets);
  } finally {
    await model.release();
  }
}

/** The recipe with figures measured on the examples, where it leaves normalisation to them. */
function withNormalisation(
  definition: BatchSourceDefinition,
  examples: number,
  adaptation: HmmTrainingConfiguration['adaptation'],
): FeatureRecipe {
  const { recipe } = definition;
  if (recipe.normalisation.kind !== 'none') return recipe;
  if (adaptation === undefined)
    return normalised(recipe, measureNormalisation(definition, examples));
  const dims = frameDims(recipe);
  const identity = {
    kind: 'adapted',
    priorFrames: 1e12,
    mean: new Array<number>(dims).fill(0),
    inverseDeviation: new Array<number>(dims).fill(1),
  } as const;
  const statistics = measureNormalisation(definition, examples, identity);
  return { ...recipe, normalisation: { kind: 'adapted', ...adaptation, ...statistics } };
}

/** Keeps the lines of the log that a resumed run will not write again. */
async function truncateLog(path: string, iterations: number): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const kept = text
    .split('\n')
    .filter((line) => line !== '' && (JSON.parse(line) as IterationResult).iteration < iterations);
  await writeFile(path, kept.map((line) => `${line}\n`).join(''));
}
