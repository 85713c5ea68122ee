import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { hasSameLabels } from '../alphabet/definition.ts';
import type { FeatureRecipe } from '../features/recipe.ts';
import { encodeModel } from '../onnx/encode.ts';
import {
  type ModelCard,
  type ModelManifest,
  modelManifestSchema,
} from '../recognition/model-manifest.ts';
import type { TrainingConfiguration } from './configuration.ts';
import type { Corpus } from './data/corpus.ts';
import type { NetworkArchitecture } from './network/architecture.ts';
import { exportGraph } from './network/export-graph.ts';
import { writeWhole } from './write-whole.ts';

export type TrainedNetwork = {
  readonly configuration: TrainingConfiguration;
  /** With its normalisation. */
  readonly recipe: FeatureRecipe;
  readonly architecture: NetworkArchitecture;
  readonly parameters: Float32Array;
  readonly card: ModelCard;
};

/**
 * Writes a model folder: `ctc.onnx` and the `model.json` that describes it. An HMM of the same labels that is
 * there already stays; a hybrid goes, whose network reads the features of the CTC model that it began as.
 */
export async function exportModel(folder: string, trained: TrainedNetwork): Promise<ModelManifest> {
  const { configuration, recipe, architecture, parameters, card } = trained;
  const graph = encodeModel(exportGraph(architecture, parameters));
  const { cell, bidirectional, layers, hidden } = architecture;
  const manifest = modelManifestSchema.parse({
    format: 1,
    name: configuration.name,
    language: configuration.language,
    description: configuration.description,
    features: recipe,
    alphabet: configuration.alphabet,
    ctc: {
      file: 'ctc.onnx',
      sha256: createHash('sha256').update(graph).digest('hex'),
      architecture: { cell, bidirectional, layers, hidden },
    },
    ...(await keptSections(folder, configuration.alphabet)),
    card,
  } satisfies ModelManifest);
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, 'ctc.onnx'), graph);
  await writeModelManifest(folder, manifest);
  return manifest;
}

/** What the folder's model has beside its network, if it knows the same words. */
async function keptSections(
  folder: string,
  alphabet: TrainingConfiguration['alphabet'],
): Promise<Pick<ModelManifest, 'hmm' | 'grammars'>> {
  let there: unknown;
  try {
    there = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
  } catch {
    return {}; // nothing, or nothing that could be kept
  }
  const { data } = modelManifestSchema.safeParse(there);
  if (data === undefined || !hasSameLabels(data.alphabet, alphabet)) return {};
  const { hmm, grammars } = data;
  return { ...(hmm !== undefined && { hmm }), ...(grammars !== undefined && { grammars }) };
}

/** Writes `model.json` into a model's folder. */
export function writeModelManifest(folder: string, manifest: ModelManifest): Promise<void> {
  return writeWhole(join(folder, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** What the card says of the data: clips, hours and speakers of each corpus that training could draw on. */
export function describeCorpora(
  configuration: TrainingConfiguration,
  corpora: Readonly<Record<string, Corpus>>,
): ModelCard['trainedOn'] {
  return configuration.corpora.map(({ corpus, licence, manifests }) => {
    const rows = manifests.flatMap((manifest) => corpora[manifest]?.rows ?? []);
    const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
    return {
      corpus,
      licence,
      clips: rows.length,
      hours: round(seconds / 3600, 2),
      speakers: new Set(rows.map((row) => row.speaker)).size,
    };
  });
}

/** The processor and how many cores of it there are. */
export function describeMachine(): string {
  const cores = cpus();
  return `${cores.length} cores of ${cores[0]?.model.trim() ?? 'an unknown processor'}`;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
