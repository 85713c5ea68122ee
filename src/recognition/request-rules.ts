import type { z } from 'zod';
import type { DecoderName } from '../decoding/decoder.ts';
import type { Hotword } from '../language/hotword.ts';
import type { GrammarWish } from './grammar-wish.ts';

/** What a search may be asked. */
export type SearchFields = {
  readonly n_best: number;
  readonly beam_width?: number | undefined;
  readonly hotwords?: readonly Hotword[] | undefined;
  readonly grammar?: GrammarWish | undefined;
};

/** What of a search not every decoder can do, and which can. */
export const searchers = {
  beam_width: ['ctc_beam'],
  hotwords: ['ctc_beam'],
  grammar: ['ctc_beam', 'hmm', 'hybrid'],
} as const satisfies Partial<Record<keyof SearchFields, readonly DecoderName[]>>;

export type SearchField = keyof typeof searchers;
export const searchFields = Object.keys(searchers) as SearchField[];

/** What of a request's search a decoder does. */
export function appliedBy(decoder: DecoderName, asked: Partial<SearchFields>): SearchField[] {
  return searchFields.filter(
    (field) => asked[field] !== undefined && searchers[field].some((name) => name === decoder),
  );
}

export function canHoldToGrammar(decoder: string): boolean {
  return searchers.grammar.some((name) => name === decoder);
}

/** The decoder of a request that names none: greedy, unless it asks what only a search can do. */
export function usualDecoder(asked: SearchFields): DecoderName {
  const searches = asked.n_best > 1 || appliedBy('ctc_beam', asked).length > 0;
  return searches ? 'ctc_beam' : 'ctc_greedy';
}

/** "a, b or c" */
function alternatives(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(names);
}

/** A rule between fields: what a search is asked must be something that one of the decoders does. */
export function checkDecoders(
  asked: Partial<SearchFields>,
  decoders: readonly DecoderName[] | undefined,
  field: 'decoder' | 'decoders',
  context: z.RefinementCtx,
): void {
  if (decoders === undefined) return;
  for (const option of searchFields) {
    if (asked[option] === undefined) continue;
    if (decoders.some((name) => appliedBy(name, asked).includes(option))) continue;
    context.addIssue({
      code: 'custom',
      path: [option],
      message: `expected it only with ${field} ${alternatives(searchers[option])}`,
      input: decoders.join(', '),
    });
  }
}

/** A rule between fields: which answers have a place for what is asked. */
export function checkFormat(
  options: {
    readonly response_format: string;
    readonly timestamp_granularities: readonly string[];
    readonly n_best: number;
    readonly include?: readonly string[] | undefined;
  },
  context: z.RefinementCtx,
): void {
  const { response_format: input, timestamp_granularities, n_best, include } = options;
  const refuse = (field: string, what: string, formats: string) =>
    context.addIssue({
      code: 'custom',
      path: [field],
      message: `${what} response_format ${formats}`,
      input,
    });
  if (input === 'verbose_json') return;
  if (timestamp_granularities.includes('word'))
    refuse('timestamp_granularities', 'word granularity needs', 'verbose_json');
  if (n_best > 1) refuse('n_best', 'more than one hypothesis needs', 'verbose_json');
  if (include?.includes('logprobs') === true && input !== 'json')
    refuse('include', 'logprobs need', 'json or verbose_json');
}
