import { z } from 'zod';
import { compileFiniteGrammar, finiteGrammarSchema, wordsOfGrammar } from './finite-grammar.ts';
import {
  compileNgrams,
  ngramFaults,
  ngramSchema,
  sentenceEnd,
  sentenceStart,
} from './ngram-graph.ts';
import { wordList, wordLoop } from './simple-graphs.ts';
import type { WordGraph } from './word-graph.ts';

const wordsSchema = z
  .array(z.string().regex(/^\S+$/u, 'expected one word'))
  .min(1)
  .refine((words) => new Set(words).size === words.length, 'expected each word once');

/** Which sequences of words a model expects, as files write it. */
export const grammarSchema = z.discriminatedUnion('kind', [
  /** Any sequence of the words; by default of all that the lexicon has. */
  z.strictObject({ kind: z.literal('loop'), words: wordsSchema.optional() }),
  /** Exactly one of the words. */
  z.strictObject({ kind: z.literal('list'), words: wordsSchema }),
  z.strictObject({ kind: z.literal('finite'), grammar: finiteGrammarSchema }),
  z.strictObject({
    kind: z.literal('ngram'),
    ngrams: z
      .array(ngramSchema)
      .min(1)
      .superRefine((ngrams, context) => {
        for (const { index, message } of ngramFaults(ngrams)) {
          context.addIssue({ code: 'custom', path: [index], message });
        }
      }),
  }),
]);
export type Grammar = z.infer<typeof grammarSchema>;

/** The graph of a grammar over a vocabulary, which is what a loop without words of its own goes over. */
export function compileGrammar(grammar: Grammar, vocabulary: readonly string[]): WordGraph {
  switch (grammar.kind) {
    case 'loop':
      return wordLoop(grammar.words ?? vocabulary);
    case 'list':
      return wordList(grammar.words);
    case 'finite':
      return compileFiniteGrammar(grammar.grammar);
    case 'ngram':
      return compileNgrams(grammar.ngrams);
  }
}

/** The words that a grammar names; all have to be in the lexicon. */
export function wordsNamedBy(grammar: Grammar): Set<string> {
  switch (grammar.kind) {
    case 'loop':
    case 'list':
      return new Set(grammar.words);
    case 'finite':
      return wordsOfGrammar(grammar.grammar);
    case 'ngram': {
      const words = new Set(grammar.ngrams.flatMap(({ words }) => words));
      words.delete(sentenceStart);
      words.delete(sentenceEnd);
      return words;
    }
  }
}
