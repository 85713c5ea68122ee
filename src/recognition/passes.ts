import { type AlignerName, alignerNames } from '../decoding/aligner.ts';
import { type DecoderName, decoderNames } from '../decoding/decoder.ts';
import type { FeatureRecipe } from '../features/recipe.ts';
import type { ModelManifest } from './model-manifest.ts';

/**
 * The acoustic models that a model folder can have: CTC's, which all have, the HMM's, and the hybrid's. Each
 * serves the decoders and aligners of its kind.
 */
export const passNames = ['ctc', 'hmm', 'hybrid'] as const;
export type PassName = (typeof passNames)[number];

/** The kinds of features that they read, by the acoustic model that each was made for. */
export const featureKinds = ['ctc', 'hmm'] as const;
export type FeatureKind = (typeof featureKinds)[number];

/** A hybrid's network reads what that of CTC reads. */
export function featureKindOf(pass: PassName): FeatureKind {
  return pass === 'hybrid' ? 'ctc' : pass;
}

const passOfReader: Readonly<Record<DecoderName | AlignerName, PassName>> = {
  ctc: 'ctc',
  ctc_greedy: 'ctc',
  ctc_beam: 'ctc',
  hmm: 'hmm',
  hybrid: 'hybrid',
};

/** The acoustic model whose emissions a decoder or an aligner reads. */
export function passOf(reader: DecoderName | AlignerName): PassName {
  return passOfReader[reader];
}

export function passesOf(manifest: ModelManifest): PassName[] {
  return passNames.filter((name) => name === 'ctc' || manifest[name] !== undefined);
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
  const section = manifest[pass];
  if (section === undefined)
    throw new RangeError(`[passFile] expected a model with ${pass}, got none`);
  const { features } = 'features' in section ? section : manifest;
  return { ...section.graph, features };
}
