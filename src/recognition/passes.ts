import { type AlignerName, alignerNames } from '../decoding/aligner.ts';
import { type DecoderName, decoderNames } from '../decoding/decoder.ts';
import type { FeatureRecipe } from '../features/recipe.ts';
import type { ModelManifest } from './model-manifest.ts';

/**
 * The acoustic models that a model folder can have: CTC's, which all have, and the HMM's. Each reads
 * features of its own and serves the decoders and aligners of its kind.
 */
export const passNames = ['ctc', 'hmm'] as const;
export type PassName = (typeof passNames)[number];

const passOfReader: Readonly<Record<DecoderName | AlignerName, PassName>> = {
  ctc: 'ctc',
  ctc_greedy: 'ctc',
  ctc_beam: 'ctc',
  hmm: 'hmm',
};

/** The acoustic model whose emissions a decoder or an aligner reads. */
export function passOf(reader: DecoderName | AlignerName): PassName {
  return passOfReader[reader];
}

export function passesOf(manifest: ModelManifest): PassName[] {
  return passNames.filter((name) => name === 'ctc' || manifest.hmm !== undefined);
}

export function decodersOf(manifest: ModelManifest): DecoderName[] {
  const passes = passesOf(manifest);
  return decoderNames.filter((name) => passes.includes(passOf(name)));
}

export function alignersOf(manifest: ModelManifest): AlignerName[] {
  const passes = passesOf(manifest);
  return alignerNames.filter((name) => passes.includes(passOf(name)));
}

/** How a text is aligned unless it is said how: by the HMM, whose times are the surer ones, if there is one. */
export function usualAligner({ hmm }: ModelManifest): AlignerName {
  return hmm === undefined ? 'ctc' : 'hmm';
}

/** The file behind a pass, as model.json names it, and how its features are made. */
export function passFile(
  manifest: ModelManifest,
  pass: PassName,
): { readonly file: string; readonly sha256: string; readonly features: FeatureRecipe } {
  if (pass === 'ctc') return { ...manifest.ctc, features: manifest.features };
  const { hmm } = manifest;
  if (hmm === undefined) throw new RangeError(`[passFile] expected a model with an HMM, got none`);
  return { ...hmm.graph, features: hmm.features };
}
