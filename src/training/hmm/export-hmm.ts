import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureRecipe } from '../../features/recipe.ts';
import type { HmmDefinition } from '../../hmm/definition.ts';
import { encodeModel } from '../../onnx/encode.ts';
import {
  type HmmCard,
  type ModelManifest,
  modelManifestSchema,
} from '../../recognition/model-manifest.ts';
import { writeModelManifest } from '../export-model.ts';
import { writeWhole } from '../write-whole.ts';
import { hmmDefinitionOf } from './hmm-definition.ts';
import { hmmGraph } from './hmm-graph.ts';
import type { HmmParameters } from './units.ts';

export type TrainedHmm = {
  readonly parameters: HmmParameters;
  readonly decoding: HmmDefinition['decoding'];
  /** With its normalisation. */
  readonly recipe: FeatureRecipe;
  readonly card: HmmCard;
};

/**
 * Adds an HMM to a model's folder: `hmm.onnx`, `hmm.json`, and their place in `model.json`. What the card
 * says of error rates by the HMM that was there before goes, and so does what was calibrated with it.
 * @throws Error where the folder holds no model
 */
export async function exportHmm(folder: string, trained: TrainedHmm): Promise<ModelManifest> {
  const { parameters, decoding, recipe, card } = trained;
  const path = join(folder, 'model.json');
  const { calibration: _, ...before } = modelManifestSchema.parse(
    JSON.parse(await readFile(path, 'utf8')),
  );
  const files = {
    'hmm.onnx': encodeModel(hmmGraph(parameters.mixtures, parameters.transform)),
    'hmm.json': Buffer.from(`${JSON.stringify(rounded(hmmDefinitionOf(parameters, decoding)))}\n`),
  };
  for (const [name, bytes] of Object.entries(files)) await writeWhole(join(folder, name), bytes);
  const fileOf = (name: keyof typeof files) => ({
    file: name,
    sha256: createHash('sha256').update(files[name]).digest('hex'),
  });
  const manifest = modelManifestSchema.parse({
    ...before,
    hmm: { graph: fileOf('hmm.onnx'), definition: fileOf('hmm.json'), features: recipe, card },
    ...(before.card && {
      card: {
        ...before.card,
        errorRates: before.card.errorRates.filter(({ decoder }) => decoder !== 'hmm'),
      },
    }),
  } satisfies ModelManifest);
  await writeModelManifest(folder, manifest);
  return manifest;
}

const digits = 6;

/** Probabilities with six digits behind the point: more than the data can tell, and half the size. */
export function rounded(definition: HmmDefinition): HmmDefinition {
  const short = (value: number) => Number(value.toFixed(digits));
  const units = Object.entries(definition.units).map(([name, unit]) => [
    name,
    {
      emissions: unit.emissions,
      initial: unit.initial.map(short),
      arcs: unit.arcs.map(([from, to, probability]) => [from, to, short(probability)]),
      final: unit.final.map(short),
    },
  ]);
  return { ...definition, units: Object.fromEntries(units) };
}
