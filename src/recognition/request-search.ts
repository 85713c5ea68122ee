import type { DecoderName } from '../decoding/decoder.ts';
import { grammarOf } from './grammar-wish.ts';
import type { Recognizer } from './recognizer.ts';
import type { RequestLimits } from './request-limits.ts';
import { appliedBy, type SearchFields } from './request-rules.ts';
import type { SearchOptions } from './search-options.ts';

/**
 * What a request asks of the search comes to with a model and those of its decoders that are to read.
 * @throws SoriError invalid_request for a grammar that one of them cannot hold to
 */
export function searchOf(
  options: SearchFields,
  decoders: readonly DecoderName[],
  recognizer: Recognizer,
  limits: RequestLimits,
): SearchOptions {
  const { n_best: nBest, beam_width: beamWidth, hotwords, grammar } = options;
  const holding = decoders.filter((name) => appliedBy(name, options).includes('grammar'));
  const vocabulary = { has: (word: string) => recognizer.canHear(word, holding) };
  return {
    nBest,
    ...(beamWidth !== undefined && { beamWidth }),
    ...(hotwords !== undefined && { hotwords }),
    ...(grammar !== undefined && {
      grammar: grammarOf(grammar, recognizer.manifest, vocabulary, limits),
    }),
  };
}
