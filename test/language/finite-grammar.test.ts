import { describe, expect, it } from 'vitest';
import {
  compileFiniteGrammar,
  type FiniteGrammar,
  finiteGrammarSchema,
  wordsOfGrammar,
} from '../../src/language/finite-grammar.ts';
import { Random } from '../../src/math/random.ts';
import { sayingsOf, sayingsOfGrammar } from '../reference/grammar-enumeration.ts';

function randomGrammar(random: Random, depth: number): FiniteGrammar {
  const part = () => randomGrammar(random, depth - 1);
  const parts = (fewest: number) => Array.from({ length: fewest + random.integer(3) }, part);
  switch (depth === 0 ? 0 : random.integer(5)) {
    case 1:
      return { sequence: parts(0) };
    case 2:
      return { alternatives: parts(1) };
    case 3:
      return { optional: part() };
    case 4: {
      const min = random.integer(3);
      const max = min + random.integer(3);
      return random.chance(0.3) ? { repeat: part(), min } : { repeat: part(), min, max };
    }
    default:
      return random.pick(['a', 'b', 'c']);
  }
}

const textsOf = (grammar: FiniteGrammar, mostWords = 4) =>
  [...sayingsOf(compileFiniteGrammar(grammar), mostWords)]
    .filter(([, logWeight]) => logWeight > -Infinity)
    .map(([text]) => text)
    .sort();

describe('a finite grammar', () => {
  it('allows what its forms mean and nothing else, on random grammars', () => {
    const random = new Random(4);
    for (let trial = 0; trial < 300; trial++) {
      const grammar = randomGrammar(random, 3);
      expect(finiteGrammarSchema.parse(grammar)).toEqual(grammar);
      expect(textsOf(grammar), JSON.stringify(grammar)).toEqual(
        [...sayingsOfGrammar(grammar, 4)].sort(),
      );
    }
  });

  it('has one way to say a thing: no silent arc, and no two arcs of a word from a node', () => {
    const random = new Random(5);
    for (let trial = 0; trial < 100; trial++) {
      const { arcs } = compileFiniteGrammar(randomGrammar(random, 3));
      expect(arcs.every(({ word }) => word !== undefined)).toBe(true);
      expect(new Set(arcs.map(({ from, word }) => `${from} ${word}`)).size).toBe(arcs.length);
    }
  });

  it('of exactly seven digits has a node after each digit', () => {
    const digits = [...'0123456789'];
    const graph = compileFiniteGrammar({ repeat: { alternatives: digits }, min: 7, max: 7 });
    expect(graph.nodes).toBe(8);
    expect(graph.arcs).toHaveLength(70);
  });

  it('may repeat what may be nothing without end', () => {
    expect(textsOf({ repeat: { optional: 'a' }, min: 0 }, 2)).toEqual(['', 'a', 'a a']);
  });

  it('names its words once, in order', () => {
    const grammar: FiniteGrammar = { sequence: ['b', { optional: 'a' }, { repeat: 'b', min: 1 }] };
    expect([...wordsOfGrammar(grammar)]).toEqual(['b', 'a']);
  });

  it('is refused, not built, when it explodes', () => {
    const thousand = (repeat: FiniteGrammar): FiniteGrammar => ({ repeat, min: 1000, max: 1000 });
    expect(() => compileFiniteGrammar(thousand(thousand('a')))).toThrow(
      /\[compileFiniteGrammar\] expected a graph of at most 100000 nodes/u,
    );
    // Whether the 20th word from the end was an "a" takes 2²⁰ nodes to remember.
    const either: FiniteGrammar = { alternatives: ['a', 'b'] };
    const memory: FiniteGrammar = {
      sequence: [{ repeat: either, min: 0 }, 'a', { repeat: either, min: 20, max: 20 }],
    };
    expect(() => compileFiniteGrammar(memory)).toThrow(RangeError);
  });

  it.each([
    ['a word with a space', 'one two'],
    ['no alternatives', { alternatives: [] }],
    ['less than the least', { repeat: 'a', min: 3, max: 2 }],
    ['an unknown form', { either: ['a', 'b'] }],
    ['two forms at once', { optional: 'a', sequence: ['b'] }],
  ])('is refused by its schema with %s', (_, grammar) => {
    expect(finiteGrammarSchema.safeParse(grammar).success).toBe(false);
  });
});
