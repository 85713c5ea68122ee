import { SoriError } from '../errors.ts';
import { compileFiniteGrammar, type FiniteGrammar } from './finite-grammar.ts';
import { finiteGrammarFaults, type GrammarLimits, placeIn } from './finite-grammar-faults.ts';
import { parseJsgf } from './jsgf.ts';
import { JsgfError } from './jsgf-tokens.ts';
import { wordsIn } from './label-alphabet.ts';
import { type GraphLimits, GraphSizeError, type WordGraph } from './word-graph.ts';

/** How large a grammar that comes with a request may be. */
export type RequestGrammarLimits = GrammarLimits & {
  /** Characters of its text, where it is text. */
  readonly characters: number;
  /** Of the graph that it becomes. */
  readonly graph: GraphLimits;
};

export const defaultRequestGrammarLimits: RequestGrammarLimits = {
  depth: 32,
  parts: 10_000,
  characters: 200_000,
  graph: { nodes: 10_000, arcs: 20_000, work: 500_000 },
};

export type RequestGrammarOptions = {
  /** The words that the model can hear: a set, or `sayableWords` of an alphabet. */
  readonly vocabulary: { has(word: string): boolean };
  readonly limits?: RequestGrammarLimits | undefined;
};

/**
 * The grammar of a request: a `FiniteGrammar` as JSON has it, or text, which is JSGF where it begins with
 * `#JSGF`, JSON where it begins with `{` or `"`, and else words. Words that the vocabulary does not have as they
 * stand are taken in lower case, composed (NFC).
 *
 * Throws `SoriError` invalid_request, param `grammar`, which says what is wrong and where: with its form, with a
 * word, with its size as it is written.
 */
export function readRequestGrammar(
  input: unknown,
  { vocabulary, limits = defaultRequestGrammarLimits }: RequestGrammarOptions,
): FiniteGrammar {
  const written = typeof input === 'string' ? grammarOfText(input, limits) : input;
  for (const { path, message } of finiteGrammarFaults(written, limits)) {
    throw refusal(`${placeIn('grammar', path)}: ${message}`);
  }
  return withKnownWords(written as FiniteGrammar, vocabulary, []);
}

/**
 * The graph of a request's grammar, for `WordGraphScorer` or the HMM's decoding network: small, and made in a
 * moment, whatever the request holds.
 *
 * Throws `SoriError` as `readRequestGrammar` does, and where the graph were larger than the limits.
 */
export function compileRequestGrammar(input: unknown, options: RequestGrammarOptions): WordGraph {
  const { limits = defaultRequestGrammarLimits } = options;
  const grammar = readRequestGrammar(input, options);
  try {
    return compileFiniteGrammar(grammar, limits.graph);
  } catch (error) {
    if (error instanceof GraphSizeError) throw refusal(`grammar: ${reasonOf(error)}`, error);
    throw error;
  }
}

function grammarOfText(text: string, limits: RequestGrammarLimits): unknown {
  const { length } = text;
  if (length > limits.characters) {
    throw refusal(`grammar: expected at most ${limits.characters} characters, got ${length}`);
  }
  const trimmed = text.trimStart();
  if (trimmed.startsWith('#JSGF')) {
    try {
      return parseJsgf(text, limits);
    } catch (error) {
      if (error instanceof JsgfError) throw refusal(`grammar: ${reasonOf(error)}`, error);
      throw error;
    }
  }
  if (!/^[{"]/u.test(trimmed)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw refusal(
      `grammar: expected JSON, got text that is none: ${(error as Error).message}`,
      error,
    );
  }
}

/** The same grammar with its words as the vocabulary has them. As deep as the grammar, which is checked. */
function withKnownWords(
  grammar: FiniteGrammar,
  vocabulary: RequestGrammarOptions['vocabulary'],
  path: readonly (string | number)[],
): FiniteGrammar {
  const inside = (part: FiniteGrammar, ...steps: (string | number)[]) =>
    withKnownWords(part, vocabulary, [...path, ...steps]);
  if (typeof grammar === 'string') {
    const words = grammar.trim().split(/\s+/u);
    return words.map((word) => knownWord(word, vocabulary, path)).join(' ');
  }
  if ('sequence' in grammar) {
    return { sequence: grammar.sequence.map((part, index) => inside(part, 'sequence', index)) };
  }
  if ('alternatives' in grammar) {
    const { alternatives } = grammar;
    return { alternatives: alternatives.map((part, index) => inside(part, 'alternatives', index)) };
  }
  if ('optional' in grammar) return { optional: inside(grammar.optional, 'optional') };
  return { ...grammar, repeat: inside(grammar.repeat, 'repeat') };
}

function knownWord(
  word: string,
  vocabulary: RequestGrammarOptions['vocabulary'],
  path: readonly (string | number)[],
): string {
  const spellings = [word, ...wordsIn(word)];
  const known = spellings.find((spelling) => vocabulary.has(spelling));
  if (known !== undefined) return known;
  const got = JSON.stringify(word.length > 60 ? `${word.slice(0, 57)}…` : word);
  throw refusal(
    `${placeIn('grammar', [...path])}: expected words that the model can hear, got ${got}`,
  );
}

/** What an error says, without the name of the kernel. */
function reasonOf({ message }: Error): string {
  return message.replace(/^\[\w+\] /u, '');
}

function refusal(message: string, cause?: unknown): SoriError {
  return new SoriError('invalid_request', message, { param: 'grammar', cause });
}
