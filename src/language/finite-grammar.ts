import { z } from 'zod';
import { type Automaton, determinised } from './automaton.ts';
import { checkGraphSize, graphLimits, type WordGraph } from './word-graph.ts';

/**
 * What may be said, written out:
 *
 *     "seven"                                       the word
 *     { "sequence": ["double", …] }                 one after the other; nothing if the list is empty
 *     { "alternatives": ["oh", "zero"] }            one of them
 *     { "optional": "please" }                      it or nothing
 *     { "repeat": …, "min": 2, "max": 4 }           that many times; without "max" as often as one likes
 */
export type FiniteGrammar =
  | string
  | { readonly sequence: readonly FiniteGrammar[] }
  | { readonly alternatives: readonly FiniteGrammar[] }
  | { readonly optional: FiniteGrammar }
  | {
      readonly repeat: FiniteGrammar;
      readonly min: number;
      readonly max?: number | undefined;
    };

const times = z.int().nonnegative().max(graphLimits.nodes);

export const finiteGrammarSchema: z.ZodType<FiniteGrammar> = z.lazy(() =>
  z.union([
    z.string().regex(/^\S+$/u, 'expected one word'),
    z.strictObject({ sequence: z.array(finiteGrammarSchema) }),
    z.strictObject({ alternatives: z.array(finiteGrammarSchema).min(1) }),
    z.strictObject({ optional: finiteGrammarSchema }),
    z
      .strictObject({ repeat: finiteGrammarSchema, min: times, max: times.optional() })
      .refine(({ min, max }) => max === undefined || max >= min, 'expected max of at least min'),
  ]),
);

/** The words of a grammar, in order of their first place in it. */
export function wordsOfGrammar(grammar: FiniteGrammar): Set<string> {
  if (typeof grammar === 'string') return new Set([grammar]);
  return new Set(partsOf(grammar).flatMap((part) => [...wordsOfGrammar(part)]));
}

/**
 * The graph of a grammar: each way of saying the same words is one path, nodes that no word leads to and
 * silent arcs there are none. Thompson's construction (1968), made deterministic.
 *
 * Throws `RangeError` when the grammar, its repetitions spelt out, or its graph is larger than
 * `graphLimits`.
 */
export function compileFiniteGrammar(grammar: FiniteGrammar): WordGraph {
  checkGraphSize('compileFiniteGrammar', sizeOf(grammar), 0);
  const automaton: Automaton = { words: [], silent: [] };
  const start = addNode(automaton);
  const end = addNode(automaton);
  spell(automaton, grammar, start, end);
  return determinised('compileFiniteGrammar', automaton, start, end);
}

function partsOf(grammar: Exclude<FiniteGrammar, string>): readonly FiniteGrammar[] {
  if ('sequence' in grammar) return grammar.sequence;
  if ('alternatives' in grammar) return grammar.alternatives;
  return ['optional' in grammar ? grammar.optional : grammar.repeat];
}

/** How many nodes `spell` adds at most. */
function sizeOf(grammar: FiniteGrammar): number {
  if (typeof grammar === 'string') return 1;
  const size = partsOf(grammar).reduce((sum, part) => sum + 1 + sizeOf(part), 1);
  return 'repeat' in grammar ? size * Math.max(grammar.min, grammar.max ?? 0, 1) : size;
}

/** Adds every way of saying the grammar between two nodes. */
function spell(automaton: Automaton, grammar: FiniteGrammar, from: number, to: number): void {
  if (typeof grammar === 'string') automaton.words[from]!.push({ word: grammar, to });
  else if ('sequence' in grammar) {
    const last = grammar.sequence.reduce((node, part) => spelt(automaton, part, node), from);
    automaton.silent[last]!.push(to);
  } else if ('alternatives' in grammar) {
    for (const part of grammar.alternatives) spell(automaton, part, from, to);
  } else if ('optional' in grammar) {
    spell(automaton, grammar.optional, from, to);
    automaton.silent[from]!.push(to);
  } else repeat(automaton, grammar, from, to);
}

function repeat(
  automaton: Automaton,
  grammar: Extract<FiniteGrammar, { readonly repeat: FiniteGrammar }>,
  from: number,
  to: number,
): void {
  const { min, max } = grammar;
  // A node of its own, so that a loop back to it cannot repeat what comes before.
  let node = addNode(automaton);
  automaton.silent[from]!.push(node);
  for (let time = 0; time < (max ?? min); time++) {
    if (time >= min) automaton.silent[node]!.push(to);
    node = spelt(automaton, grammar.repeat, node);
  }
  if (max === undefined) spell(automaton, grammar.repeat, node, node);
  automaton.silent[node]!.push(to);
}

/** Adds the grammar behind a node and returns the node where it ends. */
function spelt(automaton: Automaton, grammar: FiniteGrammar, from: number): number {
  const to = addNode(automaton);
  spell(automaton, grammar, from, to);
  return to;
}

function addNode(automaton: Automaton): number {
  automaton.silent.push([]);
  return automaton.words.push([]) - 1;
}
