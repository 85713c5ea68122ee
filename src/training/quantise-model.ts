import { createHash } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { FeatureExtractor } from '../features/extractor.ts';
import { encodeModel } from '../onnx/encode.ts';
import type { ModelFolder } from '../recognition/model-folder.ts';
import { type ModelManifest, modelManifestSchema } from '../recognition/model-manifest.ts';
import { writeModelManifest } from './export-model.ts';
import { exportGraph } from './network/export-graph.ts';
import { importParameters } from './network/import-parameters.ts';
import { quantised } from './network/quantise.ts';
import { writeWhole } from './write-whole.ts';

/**
 * The same CTC network with the weights of its LSTMs as integers.
 * @throws RangeError where it is not one that Sori exported
 */
export function quantisedNetwork({ manifest, ctc }: Pick<ModelFolder, 'manifest' | 'ctc'>) {
  const { cell } = manifest.ctc.architecture;
  if (cell !== 'lstm') throw new RangeError(`[quantisedNetwork] expected LSTMs, got ${cell}`);
  const inputs = new FeatureExtractor(manifest.features).dims;
  const labels = manifest.alphabet.labels.length;
  const architecture = { ...manifest.ctc.architecture, inputs, labels };
  return encodeModel(quantised(exportGraph(architecture, importParameters(ctc, architecture))));
}

/**
 * Writes a model folder whose CTC network has its weights as integers; all else is copied. What was measured of
 * the other network is left out: it is to be measured anew.
 * @param source the model's folder
 * @throws RangeError where the network is not one that Sori exported; ZodError for a name that no model may have
 */
export async function quantiseModel(
  model: ModelFolder,
  source: string,
  target: string,
): Promise<ModelManifest> {
  const graph = quantisedNetwork(model);
  const { card, calibration, ...manifest } = model.manifest;
  const { card: _, ...maps } = calibration ?? {};
  const written = modelManifestSchema.parse({
    ...manifest,
    name: basename(resolve(target)),
    ctc: { ...manifest.ctc, sha256: createHash('sha256').update(graph).digest('hex') },
    ...(calibration !== undefined && { calibration: maps }),
    ...(card !== undefined && { card: { ...card, errorRates: [] } }),
  });
  await mkdir(target, { recursive: true });
  for (const { name } of model.files)
    if (name !== manifest.ctc.file) await copyFile(join(source, name), join(target, name));
  await writeWhole(join(target, manifest.ctc.file), graph);
  await writeModelManifest(target, written);
  return written;
}
