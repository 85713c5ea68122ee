import { createHash } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { FeatureExtractor } from '../features/extractor.ts';
import { encodeModel } from '../onnx/encode.ts';
import { readInitializers } from '../onnx/read-initializers.ts';
import type { Calibration } from '../recognition/calibration-section.ts';
import type { ModelFolder } from '../recognition/model-folder.ts';
import { type ModelManifest, modelManifestSchema } from '../recognition/model-manifest.ts';
import { writeModelManifest } from './export-model.ts';
import type { NetworkArchitecture } from './network/architecture.ts';
import { exportGraph } from './network/export-graph.ts';
import { importParameters } from './network/import-parameters.ts';
import { outputParameterNames } from './network/parameters.ts';
import { isQuantised, quantised } from './network/quantise.ts';
import { writeWhole } from './write-whole.ts';

/**
 * The same network, of CTC or of a hybrid, with the weights of its LSTMs as integers.
 * @throws RangeError where it is not one that Sori exported, or has integers already
 */
export function quantisedNetwork(
  model: Uint8Array,
  shape: Omit<NetworkArchitecture, 'labels'>,
): Uint8Array {
  if (shape.cell !== 'lstm')
    throw new RangeError(`[quantisedNetwork] expected LSTMs, got ${shape.cell}`);
  const tensors = readInitializers(model);
  if (isQuantised(tensors))
    throw new RangeError(
      '[quantisedNetwork] expected a network with float32 weights, got one that is quantised already',
    );
  const labels = tensors.get(outputParameterNames.bias)?.values.length ?? 0;
  const logPriors = tensors.get('log_priors');
  const architecture = { ...shape, labels };
  return encodeModel(
    quantised(
      exportGraph(
        architecture,
        importParameters(model, architecture),
        logPriors && Float64Array.from(logPriors.values),
      ),
    ),
  );
}

/**
 * Writes a model folder whose networks, CTC's and the hybrid's, have their weights as integers; all else is copied.
 * What was measured of the other networks is left out: it is to be measured anew.
 * @param source the model's folder
 * @throws RangeError where a network is not one that Sori exported; ZodError for a name that no model may have
 */
export async function quantiseModel(
  model: ModelFolder,
  source: string,
  target: string,
): Promise<ModelManifest> {
  const { card, calibration, ...manifest } = model.manifest;
  const inputs = new FeatureExtractor(manifest.features).dims;
  const graphs = new Map([
    [manifest.ctc.file, quantisedNetwork(model.ctc, { ...manifest.ctc.architecture, inputs })],
  ]);
  if (manifest.hybrid !== undefined && model.hybrid !== undefined) {
    const { graph, architecture } = manifest.hybrid;
    graphs.set(graph.file, quantisedNetwork(model.hybrid.graph, { ...architecture, inputs }));
  }
  const sha256Of = (file: string) => createHash('sha256').update(graphs.get(file)!).digest('hex');
  const written = modelManifestSchema.parse({
    ...manifest,
    name: basename(resolve(target)),
    ctc: { ...manifest.ctc, sha256: sha256Of(manifest.ctc.file) },
    ...(manifest.hybrid !== undefined && {
      hybrid: {
        ...manifest.hybrid,
        graph: { ...manifest.hybrid.graph, sha256: sha256Of(manifest.hybrid.graph.file) },
      },
    }),
    ...(calibration !== undefined && { calibration: withoutNetworks(calibration) }),
    ...(card !== undefined && { card: { ...card, errorRates: [] } }),
  });
  await mkdir(target, { recursive: true });
  for (const { name } of model.files)
    if (!graphs.has(name)) await copyFile(join(source, name), join(target, name));
  for (const [file, graph] of graphs) await writeWhole(join(target, file), graph);
  await writeModelManifest(target, written);
  return written;
}

/** Where labels lie in their words, and what the HMM's confidences are worth: its graph is the same. */
function withoutNetworks({ times, confidence: { hmm } }: Calibration): Calibration {
  return { ...(times && { times }), confidence: hmm === undefined ? {} : { hmm } };
}
