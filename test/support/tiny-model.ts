import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeatureExtractor } from '../../src/features/extractor.ts';
import type { FeatureRecipe } from '../../src/features/recipe.ts';
import { Random } from '../../src/math/random.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import type { ModelManifest } from '../../src/recognition/model-manifest.ts';
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
  options: { name?: string; seed?: number; hidden?: number; recipe?: FeatureRecipe } = {},
): Promise<ModelManifest> {
  const { name = 'tiny', seed = 7, hidden = 8, recipe = tinyRecipe } = options;
  const shape = { cell: 'lstm', bidirectional: true, layers: 1, hidden } as const;
  const { dims } = new FeatureExtractor(recipe);
  const architecture = { ...shape, inputs: dims, labels: labels.length };
  const parameters = initialParameters(architecture, new Random(seed)).map((weight) => 6 * weight);
  const graph = encodeModel(exportGraph(architecture, parameters));
  const manifest: ModelManifest = {
    format: 1,
    name,
    language: 'en',
    description: 'Random weights, for tests',
    features: recipe,
    alphabet: { kind: 'words', labels, blank: 0, filler: 1 },
    ctc: {
      file: 'ctc.onnx',
      sha256: createHash('sha256').update(graph).digest('hex'),
      architecture: shape,
    },
  };
  const folder = join(modelsDirectory, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'ctc.onnx'), graph);
  await writeFile(join(folder, 'model.json'), JSON.stringify(manifest, null, 2));
  return manifest;
}
