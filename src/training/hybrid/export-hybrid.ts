import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Calibration, CalibrationCard } from '../../recognition/calibration-section.ts';
import {
  type HybridCard,
  type ModelManifest,
  modelManifestSchema,
} from '../../recognition/model-manifest.ts';
import { writeModelManifest } from '../export-model.ts';
import { rounded } from '../hmm/export-hmm.ts';
import { writeWhole } from '../write-whole.ts';
import type { HybridRunResult } from './hybrid-run.ts';

export type TrainedHybrid = Pick<HybridRunResult, 'graph' | 'architecture' | 'definition'> & {
  readonly card: HybridCard;
};

/**
 * Adds a hybrid to a model's folder: `hybrid.onnx`, `hybrid.json`, and their place in `model.json`. What was
 * measured of the hybrid that was there before goes.
 * @throws Error where the folder holds no model
 */
export async function exportHybrid(folder: string, trained: TrainedHybrid): Promise<ModelManifest> {
  const { graph, definition, card } = trained;
  const { cell, bidirectional, layers, hidden } = trained.architecture;
  const before = modelManifestSchema.parse(
    JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')),
  );
  const files = {
    'hybrid.onnx': graph,
    'hybrid.json': Buffer.from(`${JSON.stringify(rounded(definition))}\n`),
  };
  for (const [name, bytes] of Object.entries(files)) await writeWhole(join(folder, name), bytes);
  const fileOf = (name: keyof typeof files) => ({
    file: name,
    sha256: createHash('sha256').update(files[name]).digest('hex'),
  });
  const manifest = modelManifestSchema.parse({
    ...withoutMeasurements(before),
    hybrid: {
      graph: fileOf('hybrid.onnx'),
      architecture: { cell, bidirectional, layers, hidden },
      definition: fileOf('hybrid.json'),
      card,
    },
  } satisfies ModelManifest);
  await writeModelManifest(folder, manifest);
  return manifest;
}

function withoutMeasurements(manifest: ModelManifest): ModelManifest {
  const { card, calibration } = manifest;
  const others = <Measured extends { readonly decoder: string }>(rows: readonly Measured[]) =>
    rows.filter(({ decoder }) => decoder !== 'hybrid');
  return {
    ...manifest,
    ...(card && { card: { ...card, errorRates: others(card.errorRates) } }),
    ...(calibration && { calibration: withoutHybrid(calibration, others) }),
  };
}

function withoutHybrid(
  { confidence: { hybrid: _, ...confidence }, card, ...rest }: Calibration,
  others: (rows: CalibrationCard['confidence']) => CalibrationCard['confidence'],
): Calibration {
  const measured = card && { card: { ...card, confidence: others(card.confidence) } };
  return { ...rest, confidence, ...measured };
}
