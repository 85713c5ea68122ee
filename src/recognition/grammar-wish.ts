import { z } from 'zod';
import { SoriError } from '../errors.ts';
import type { FiniteGrammar } from '../language/finite-grammar.ts';
import { finiteGrammarFaults } from '../language/finite-grammar-faults.ts';
import { defaultRequestGrammarLimits, readRequestGrammar } from '../language/request-grammar.ts';
import { parseJsonText } from './json-text.ts';
import type { ModelManifest } from './model-manifest.ts';
import { documentedAs, type Notation } from './request-fields.ts';
import type { RequestLimits } from './request-limits.ts';

/**
 * The grammar that a request asks for: one that it brings, or text that is a name of one of the model's, else
 * a grammar in JSGF, else words.
 */
export type GrammarWish = FiniteGrammar;

const limitsFor = ({ maxGrammarSize }: RequestLimits) => ({
  ...defaultRequestGrammarLimits,
  parts: Math.min(maxGrammarSize, defaultRequestGrammarLimits.parts),
});

/** A grammar as JSON has it, or as text: JSON again, or what `GrammarWish` says. */
export function grammarField(
  notation: Notation,
  limits: RequestLimits,
): z.ZodType<GrammarWish, unknown> {
  const reading = z.unknown().transform((input, context): GrammarWish => {
    const refuse = (message: string, path: (string | number)[] = []) => {
      context.addIssue({ code: 'custom', path, message, input });
      return z.NEVER;
    };
    let written = input;
    if (typeof input === 'string' && /^\s*[{["]/.test(input)) {
      try {
        written = parseJsonText(input);
      } catch (error) {
        return refuse(`malformed JSON: ${(error as Error).message}`);
      }
    }
    for (const { path, message } of finiteGrammarFaults(written, limitsFor(limits)))
      return refuse(message, path);
    return written as FiniteGrammar;
  });
  const type = notation === 'json' ? ['string', 'object'] : 'string';
  return reading.register(documentedAs, { type });
}

/**
 * What a wish comes to with a model.
 * @param vocabulary of all that are to hold to the grammar
 * @throws SoriError invalid_request, param `grammar`
 */
export function grammarOf(
  wish: GrammarWish,
  { name, grammars = {} }: ModelManifest,
  vocabulary: { has(word: string): boolean },
  limits: RequestLimits,
): FiniteGrammar {
  if (typeof wish !== 'string' || /\s|#/.test(wish.trim()))
    return readRequestGrammar(wish, { vocabulary, limits: limitsFor(limits) });
  const word = wish.trim();
  if (Object.hasOwn(grammars, word)) return grammars[word]!.grammar;
  if (vocabulary.has(word) || vocabulary.has(word.toLowerCase()))
    return readRequestGrammar(word, { vocabulary });
  const names = Object.keys(grammars);
  const known = names.length === 0 ? '' : `${names.join(', ')}, `;
  throw new SoriError(
    'invalid_request',
    `grammar: expected ${known}or words that model ${name} can hear, got ${JSON.stringify(word.slice(0, 60))}`,
    { param: 'grammar' },
  );
}
