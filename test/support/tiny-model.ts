import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import type { FeatureRecipe } from '../../src/features/recipe.ts';
import type { HmmDefinition } from '../../src/hmm/definition.ts';
import type { GaussianMixtures } from '../../src/hmm/emissions/gaussian-mixtures.ts';
import { leftToRightUnit } from '../../src/hmm/topology.ts';
import { Random } from '../../src/math/random.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import type { ModelManifest } from '../../src/recognition/model-manifest.ts';
import { hmmGraph } from '../../src/training/hmm/hmm-graph.ts';
import type { NetworkArchitecture } from '../../src/training/network/architecture.ts';
import { exportGraph } from '../../src/training/network/export-graph.ts';
import { initialParameters } from '../../src/training/network/parameters.ts';

export const tinyRecipe: FeatureRecipe = {
  kind: 'log-mel',
  sampleRateHz: 8000,
  frameLengthSeconds: 0.025,
  frameShiftSeconds: 0.01,
  window: 'povey',
  preemphasis: 0.97,
  removeDcOffset: true,
  melBins: 12,
  lowHz: 60,
  highHz: 3800,
  deltas: { order: 0, window: 2 },
  normalisation: { kind: 'utterance', variance: true },
  stack: 2,
  stride: 2,
};

/** What the tiny HMM reads: another kind of features, of another sample rate, at another pace. */
export const tinyHmmRecipe: FeatureRecipe = {
  kind: 'mfcc',
  sampleRateHz: 16_000,
  frameLengthSeconds: 0.025,
  frameShiftSeconds: 0.01,
  window: 'povey',
  preemphasis: 0.97,
  removeDcOffset: true,
  melBins: 16,
  lowHz: 60,
  highHz: 7600,
  cepstra: 6,
  lifter: 22,
  deltas: { order: 1, window: 2 },
  normalisation: { kind: 'utterance', variance: true },
  stack: 1,
  stride: 1,
};

const labels = ['<blank>', '<other>', 'zero', 'one', 'two', 'three', 'four', 'five'];

/** A folder that goes away with `remove`. */
export type TemporaryFolder = { readonly path: string; readonly remove: () => Promise<void> };

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sori-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Writes a model folder with random weights, large enough that its labels follow its input: it knows no
 * language, but everything about it is real.
 */
export async function writeTinyModel(
  modelsDirectory: string,
  options: {
    name?: string;
    seed?: number;
    hidden?: number;
    recipe?: FeatureRecipe;
    /** Whether it has an HMM too. */
    hmm?: boolean;
    /** Whether it has a hybrid too, of the same states. */
    hybrid?: boolean;
    grammars?: ModelManifest['grammars'];
  } = {},
): Promise<ModelManifest> {
  const { name = 'tiny', seed = 7, hidden = 8, recipe = tinyRecipe } = options;
  const shape = { cell: 'lstm', bidirectional: true, layers: 1, hidden } as const;
  const { dims } = new FeatureExtractor(recipe);
  const architecture = { ...shape, inputs: dims, labels: labels.length };
  const parameters = initialParameters(architecture, new Random(seed)).map((weight) => 6 * weight);
  const graph = encodeModel(exportGraph(architecture, parameters));
  const hmm = options.hmm === true ? tinyHmm(seed) : undefined;
  const hybrid = options.hybrid === true ? tinyHybrid(architecture, seed) : undefined;
  const manifest: ModelManifest = {
    format: 1,
    name,
    language: 'en',
    description: 'Random weights, for tests',
    features: recipe,
    alphabet: { kind: 'words', labels, blank: 0, filler: 1 },
    ctc: {
      file: 'ctc.onnx',
      sha256: sha256Of(graph),
      architecture: shape,
    },
    ...(options.grammars !== undefined && { grammars: options.grammars }),
    ...(hmm !== undefined && {
      hmm: {
        graph: { file: 'hmm.onnx', sha256: sha256Of(hmm.graph) },
        definition: { file: 'hmm.json', sha256: sha256Of(hmm.definition) },
        features: tinyHmmRecipe,
      },
    }),
    ...(hybrid !== undefined && {
      hybrid: {
        graph: { file: 'hybrid.onnx', sha256: sha256Of(hybrid.graph) },
        architecture: shape,
        definition: { file: 'hybrid.json', sha256: sha256Of(hybrid.definition) },
      },
    }),
  };
  const folder = join(modelsDirectory, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'ctc.onnx'), graph);
  if (hmm !== undefined) {
    await writeFile(join(folder, 'hmm.onnx'), hmm.graph);
    await writeFile(join(folder, 'hmm.json'), hmm.definition);
  }
  if (hybrid !== undefined) {
    await writeFile(join(folder, 'hybrid.onnx'), hybrid.graph);
    await writeFile(join(folder, 'hybrid.json'), hybrid.definition);
  }
  await writeFile(join(folder, 'model.json'), JSON.stringify(manifest, null, 2));
  return manifest;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const statesPerWord = 3;

/** A whole-word HMM of the same words with random mixtures. */
function tinyHmm(seed: number): { graph: Uint8Array; definition: Uint8Array } {
  const definition = tinyDefinition();
  return {
    graph: encodeModel(hmmGraph(randomMixtures(definition.emissions, new Random(seed)))),
    definition: Buffer.from(JSON.stringify(definition)),
  };
}

/** The same HMM with a random network in the mixtures' place; its states' priors are uneven. */
function tinyHybrid(
  architecture: NetworkArchitecture,
  seed: number,
): { graph: Uint8Array; definition: Uint8Array } {
  const definition = tinyDefinition();
  const { emissions } = definition;
  const shape = { ...architecture, labels: emissions };
  const parameters = initialParameters(shape, new Random(seed + 1)).map((weight) => 6 * weight);
  const logPriors = Float64Array.from({ length: emissions }, (_, state) => -1 - (state % 3));
  return {
    graph: encodeModel(exportGraph(shape, parameters, logPriors)),
    definition: Buffer.from(JSON.stringify(definition)),
  };
}

/** Three states a word, one of silence, one of filler. */
function tinyDefinition(): HmmDefinition {
  const words = labels.slice(2);
  const silence = words.length * statesPerWord;
  const filler = silence + 1;
  const units = Object.fromEntries(
    words.map((word, index) => {
      const first = index * statesPerWord;
      return [word, leftToRightUnit([first, first + 1, first + 2], { stay: 0.7 })];
    }),
  );
  return {
    format: 1,
    emissions: filler + 1,
    units: {
      ...units,
      sil: leftToRightUnit([silence], { stay: 0.9 }),
      filler: leftToRightUnit([filler], { stay: 0.9 }),
    },
    lexicon: Object.fromEntries(words.map((word) => [word, [[word]]])),
    silence: 'sil',
    noises: [],
    filler: 'filler',
    decoding: {
      wordPenalty: -1,
      fillerPenalty: -2,
      noisePenalty: -2,
      beam: 200,
      posteriorScale: 0.2,
    },
  };
}

/** Two components a state, in the range of features that are normalised. */
function randomMixtures(states: number, random: Random): GaussianMixtures {
  const { dims } = new FeatureExtractor(tinyHmmRecipe);
  const components = 2 * states;
  return {
    states,
    dims,
    componentStart: Int32Array.from({ length: states + 1 }, (_, s) => 2 * s),
    logWeights: new Float64Array(components).fill(Math.log(0.5)),
    means: Float64Array.from({ length: components * dims }, () => random.gaussian()),
    variances: Float64Array.from({ length: components * dims }, () => random.uniform(0.5, 1.5)),
  };
}
