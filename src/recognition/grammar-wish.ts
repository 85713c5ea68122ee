import { z } from 'zod';
import { type FiniteGrammar, finiteGrammarSchema } from '../language/finite-grammar.ts';
import { parseJsonText } from './json-text.ts';

/** The grammar that a request asks for: one of the model's, by its name, or one that it brings. */
export type GrammarWish =
  | { readonly name: string; readonly grammar?: undefined }
  | { readonly grammar: FiniteGrammar; readonly name?: undefined };

export const grammarNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected lower-case letters, digits, "_" and "-"');

/**
 * A grammar as an object of JSON, or as text: JSON again, or a name.
 */
export const grammarField: z.ZodType<GrammarWish, unknown> = z
  .unknown()
  .transform((value, context): GrammarWish => {
    try {
      return wishOf(value);
    } catch (error) {
      if (!(error instanceof GrammarFault)) throw error;
      context.addIssue({ code: 'custom', path: error.path, message: error.message, input: value });
      return z.NEVER;
    }
  });

class GrammarFault extends Error {
  readonly path: PropertyKey[];

  constructor(message: string, path: PropertyKey[] = []) {
    super(message);
    this.path = path;
  }
}

function wishOf(value: unknown): GrammarWish {
  if (typeof value !== 'string') return { grammar: grammarOf(value) };
  const text = value.trim();
  if (/^[{["]/.test(text)) return { grammar: grammarOf(jsonOf(text)) };
  if (grammarNameSchema.safeParse(text).success) return { name: text };
  throw new GrammarFault('expected a grammar in JSON, or the name of a grammar of the model');
}

function jsonOf(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    throw new GrammarFault(`malformed JSON: ${(error as Error).message}`);
  }
}

function grammarOf(value: unknown): FiniteGrammar {
  const result = finiteGrammarSchema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = deepest(result.error.issues[0]!);
  throw new GrammarFault(message, path);
}

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'> & {
  readonly code?: string;
  readonly errors?: readonly (readonly Issue[])[];
};

/** What is wrong inside the kind of grammar that was meant: of all kinds the one that fits furthest. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = (issue.errors ?? []).flat().map((found) => deepest(found));
  const furthest = inner.reduce(
    (best, next) => (next.path.length > best.path.length ? next : best),
    {
      path: [],
      message: 'expected a word or an object with sequence, alternatives, optional or repeat',
    },
  );
  return { ...furthest, path: [...issue.path, ...furthest.path] };
}
