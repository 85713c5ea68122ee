import { HmmAligner } from '../hmm/aligner.ts';
import { HmmDecoder } from '../hmm/decoder.ts';
import { AcousticPass, type EmissionReaders } from './acoustic-pass.ts';
import { type HmmFiles, ModelFolderError } from './model-folder.ts';
import type { ModelManifest } from './model-manifest.ts';

/** @throws ModelFolderError if hmm.json does not hold together or hmm.onnx does not fit it */
export async function loadHmmPass(
  manifest: ModelManifest,
  { graph, definition }: HmmFiles,
): Promise<AcousticPass> {
  return AcousticPass.load(manifest, 'hmm', {
    graph,
    units: definition.emissions,
    reach: definition.reach ?? 0,
    readers: readersOf(manifest, definition),
  });
}

function readersOf(manifest: ModelManifest, definition: HmmFiles['definition']): EmissionReaders {
  try {
    return {
      decoders: [new HmmDecoder(definition)],
      aligners: [new HmmAligner(definition)],
      vocabulary: new Set(Object.keys(definition.lexicon)),
      // Its labels are words.
      labelLogProbs: (_, { words }) =>
        words.map(({ word, confidence }) => ({ label: word, logProb: Math.log(confidence) })),
    };
  } catch (cause) {
    const file = `${manifest.name}/${manifest.hmm?.definition.file}`;
    throw new ModelFolderError(file, (cause as Error).message, { cause });
  }
}
