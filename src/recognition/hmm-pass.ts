import { HmmAligner } from '../hmm/aligner.ts';
import { columnNames } from '../hmm/column-names.ts';
import { HmmDecoder } from '../hmm/decoder.ts';
import { AcousticPass, type EmissionReaders } from './acoustic-pass.ts';
import { type HmmFiles, ModelFolderError } from './model-folder.ts';
import type { ModelManifest } from './model-manifest.ts';
import type { PassName } from './passes.ts';

/** @throws ModelFolderError if hmm.json does not hold together or hmm.onnx does not fit it */
export async function loadHmmPass(
  manifest: ModelManifest,
  { graph, definition }: HmmFiles,
): Promise<AcousticPass> {
  return AcousticPass.load(manifest, 'hmm', {
    graph,
    units: definition.emissions,
    reach: definition.reach ?? 0,
    readers: readersOf(manifest, 'hmm', definition),
  });
}

/**
 * The same states' decoding with a network for the Gaussians; aligned is by these, whose frames are shorter.
 * @throws ModelFolderError if hybrid.json does not hold together or hybrid.onnx does not fit it
 */
export async function loadHybridPass(
  manifest: ModelManifest,
  { graph, definition }: HmmFiles,
): Promise<AcousticPass> {
  const { emissions: units } = definition;
  const readers = { ...readersOf(manifest, 'hybrid', definition), aligners: [] };
  return AcousticPass.load(manifest, 'hybrid', { graph, units, readers });
}

function readersOf(
  manifest: ModelManifest,
  name: Exclude<PassName, 'ctc'>,
  definition: HmmFiles['definition'],
): EmissionReaders {
  try {
    return {
      columns: columnNames(definition),
      decoders: [new HmmDecoder(definition, { name })],
      aligners: [new HmmAligner(definition)],
      vocabulary: new Set(Object.keys(definition.lexicon)),
      // Its labels are words.
      labelLogProbs: (_, { words }) =>
        words.map(({ word, confidence }) => ({ label: word, logProb: Math.log(confidence) })),
    };
  } catch (cause) {
    const file = `${manifest.name}/${manifest[name]?.definition.file}`;
    throw new ModelFolderError(file, (cause as Error).message, { cause });
  }
}
