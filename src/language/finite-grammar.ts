import { z } from 'zod';
import { type Automaton, determinised } from './automaton.ts';
import { finiteGrammarFaults } from './finite-grammar-faults.ts';
import { type GraphLimits, GraphSizeError, graphLimits, type WordGraph } from './word-graph.ts';

/**
 * What may be said, written out:
 *
 *     "turn left"                                   the words, one after the other
 *     { "sequence": ["double", …] }                 one after the other; nothing if the list is empty
 *     { "alternatives": ["oh", "zero"] }            one of them
 *     { "optional": "please" }                      it or nothing
 *     { "repeat": …, "times": 7 }                   that many times
 *     { "repeat": …, "min": 2, "max": 4 }           from so many times to so many; without "max" as often as one likes
 */
export type FiniteGrammar =
  | string
  | { readonly sequence: readonly FiniteGrammar[] }
  | { readonly alternatives: readonly FiniteGrammar[] }
  | { readonly optional: FiniteGrammar }
  | Repeat;

type Repeat =
  | { readonly repeat: FiniteGrammar; readonly times: number }
  | {
      readonly repeat: FiniteGrammar;
      readonly min: number;
      readonly max?: number | undefined;
      readonly times?: undefined;
    };

/** Whatever it is given, however deeply nested: it takes no more stack than the limits of a grammar allow. */
export const finiteGrammarSchema = z.unknown().superRefine((input, context) => {
  for (const { path, message } of finiteGrammarFaults(input)) {
    context.addIssue({ code: 'custom', path, message });
  }
}) as z.ZodType as z.ZodType<FiniteGrammar>;

/** The words of a grammar, in order of their first place in it. */
export function wordsOfGrammar(grammar: FiniteGrammar): Set<string> {
  if (typeof grammar === 'string') return new Set(wordsOf(grammar));
  return new Set(partsOf(grammar).flatMap((part) => [...wordsOfGrammar(part)]));
}

/**
 * The graph of a grammar: each way of saying the same words is one path, nodes that no word leads to and
 * silent arcs there are none. Thompson's construction (1968), made deterministic.
 *
 * Throws `GraphSizeError`, a `RangeError`, when the grammar, its repetitions spelt out, its graph, or the work
 * of making it is larger than the limits.
 */
export function compileFiniteGrammar(
  grammar: FiniteGrammar,
  limits: GraphLimits = graphLimits,
): WordGraph {
  const size = sizeOf(grammar);
  if (size > limits.nodes) {
    throw new GraphSizeError(
      `[compileFiniteGrammar] expected a graph of at most ${limits.nodes} nodes, repetitions written out, got up to ${size}`,
    );
  }
  const automaton: Automaton = { words: [], silent: [] };
  const start = addNode(automaton);
  const end = addNode(automaton);
  spell(automaton, grammar, start, end);
  return determinised('compileFiniteGrammar', automaton, start, end, limits);
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

/** The least and the most times that a grammar is repeated. */
function rangeOf(repeat: Repeat): { min: number; max: number | undefined } {
  if (repeat.times !== undefined) return { min: repeat.times, max: repeat.times };
  return { min: repeat.min, max: repeat.max };
}

function partsOf(grammar: Exclude<FiniteGrammar, string>): readonly FiniteGrammar[] {
  if ('sequence' in grammar) return grammar.sequence;
  if ('alternatives' in grammar) return grammar.alternatives;
  return ['optional' in grammar ? grammar.optional : grammar.repeat];
}

/** How many nodes `spell` adds at most. */
function sizeOf(grammar: FiniteGrammar): number {
  if (typeof grammar === 'string') return wordsOf(grammar).length;
  const size = partsOf(grammar).reduce((sum, part) => sum + 1 + sizeOf(part), 1);
  if (!('repeat' in grammar)) return size;
  const { min, max = min } = rangeOf(grammar);
  return size * Math.max(max, 1);
}

/** Adds every way of saying the grammar between two nodes. */
function spell(automaton: Automaton, grammar: FiniteGrammar, from: number, to: number): void {
  if (typeof grammar === 'string') say(automaton, wordsOf(grammar), from, to);
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

function say(automaton: Automaton, words: readonly string[], from: number, to: number): void {
  if (words.length === 0) automaton.silent[from]!.push(to);
  let node = from;
  for (const [index, word] of words.entries()) {
    const next = index === words.length - 1 ? to : addNode(automaton);
    automaton.words[node]!.push({ word, to: next });
    node = next;
  }
}

function repeat(automaton: Automaton, grammar: Repeat, from: number, to: number): void {
  const { min, max } = rangeOf(grammar);
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
