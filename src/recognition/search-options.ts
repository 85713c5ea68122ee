import type { DecodeOptions } from '../decoding/decoder.ts';
import type { ModelManifest } from './model-manifest.ts';
import type { SearchFields } from './request-rules.ts';

/** What a recognition may ask of its decoders' searches; each does of it what it can. */
export type SearchOptions = Pick<DecodeOptions, 'nBest' | 'beamWidth' | 'hotwords' | 'grammar'>;

/**
 * What a request's fields come to with a model.
 * @throws RangeError where the model has no grammar of the name that the request gives
 */
export function searchOf(
  { n_best: nBest, beam_width: beamWidth, hotwords, grammar }: SearchFields,
  { name, grammars }: ModelManifest,
): SearchOptions {
  const named = grammar?.name === undefined ? undefined : grammars?.[grammar.name]?.grammar;
  if (grammar?.name !== undefined && named === undefined)
    throw new RangeError(`[searchOf] expected a grammar of ${name}, got ${grammar.name}`);
  const wanted = grammar?.grammar ?? named;
  return {
    nBest,
    ...(beamWidth !== undefined && { beamWidth }),
    ...(hotwords !== undefined && { hotwords }),
    ...(wanted !== undefined && { grammar: wanted }),
  };
}
