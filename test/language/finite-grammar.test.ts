import { describe, expect, it } from 'vitest';
import {
  compileFiniteGrammar,
  type FiniteGrammar,
  finiteGrammarSchema,
  wordsOfGrammar,
} from '../../src/language/finite-grammar.ts';
import { finiteGrammarFaults } from '../../src/language/finite-grammar-faults.ts';
import { GraphSizeError, graphLimits } from '../../src/language/word-graph.ts';
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
      if (random.chance(0.3)) return { repeat: part(), times: min };
      return random.chance(0.3) ? { repeat: part(), min } : { repeat: part(), min, max };
    }
    default:
      return random.pick(['a', 'b', 'c', 'b a']);
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
    const graph = compileFiniteGrammar({ repeat: { alternatives: digits }, times: 7 });
    expect(graph.nodes).toBe(8);
    expect(graph.arcs).toHaveLength(70);
  });

  it('may repeat what may be nothing without end', () => {
    expect(textsOf({ repeat: { optional: 'a' }, min: 0 }, 2)).toEqual(['', 'a', 'a a']);
  });

  it('names its words once, in order', () => {
    const grammar: FiniteGrammar = {
      sequence: ['b c', { optional: 'a' }, { repeat: 'b', min: 1 }],
    };
    expect([...wordsOfGrammar(grammar)]).toEqual(['b', 'c', 'a']);
  });

  it('is refused, not built, when it explodes', () => {
    const thousand = (repeat: FiniteGrammar): FiniteGrammar => ({ repeat, min: 1000, max: 1000 });
    expect(() => compileFiniteGrammar(thousand(thousand('a')))).toThrow(
      '[compileFiniteGrammar] expected a graph of at most 100000 nodes, repetitions written out, got up to 3002000',
    );
    // Whether the 20th word from the end was an "a" takes 2²⁰ nodes to remember.
    const either: FiniteGrammar = { alternatives: ['a', 'b'] };
    const memory: FiniteGrammar = {
      sequence: [{ repeat: either, min: 0 }, 'a', { repeat: either, min: 20, max: 20 }],
    };
    expect(() => compileFiniteGrammar(memory)).toThrow(RangeError);
  });

  it('is refused when it takes too long to build, though it were small', () => {
    // From each place every later one is reached in silence: 4000² / 2 steps.
    const grammar = { sequence: Array.from({ length: 4000 }, () => ({ optional: 'a' })) };
    const limits = { ...graphLimits, work: 1_000_000 };
    expect(() => compileFiniteGrammar(grammar, limits)).toThrow(GraphSizeError);
    expect(() => compileFiniteGrammar(grammar, limits)).toThrow(/in at most 1000000 steps/u);
  });

  it.each([
    ['no words', ' ', '', 'expected words, got " "'],
    ['no alternatives', { alternatives: [] }, 'alternatives', 'expected at least one alternative'],
    [
      'less than the least',
      { sequence: ['a', { repeat: 'a', min: 3, max: 2 }] },
      'sequence.1.max',
      'expected at least min, 3, got 2',
    ],
    ['neither times nor min', { repeat: 'a', max: 2 }, '', 'expected "times", or "min"'],
    [
      'times and min',
      { repeat: 'a', times: 2, min: 1 },
      '',
      'expected no field but "repeat", "times"',
    ],
    ['half a time', { repeat: 'a', times: 0.5 }, 'times', 'expected a whole number'],
    [
      'an unknown form',
      { optional: { either: ['a', 'b'] } },
      'optional',
      'got an object with either',
    ],
    [
      'two forms at once',
      { optional: 'a', sequence: ['b'] },
      '',
      'expected no field but "sequence"',
    ],
    ['a list for a form', ['a', 'b'], '', 'got a list'],
    ['a word for a list', { sequence: 'a' }, 'sequence', 'expected a list, got "a"'],
    ['nothing at all', undefined, '', 'got undefined'],
    ['null', { optional: null }, 'optional', 'got null'],
  ])('is refused by its schema with %s', (_, grammar, path, message) => {
    const { error } = finiteGrammarSchema.safeParse(grammar);
    expect(error?.issues[0]?.path.join('.')).toBe(path);
    expect(error?.issues[0]?.message).toContain(message);
  });

  it('is refused, without running out of stack, however deep it is nested', () => {
    const depth = 100_000;
    const grammar = JSON.parse(`${'{"optional":'.repeat(depth)}"a"${'}'.repeat(depth)}`) as unknown;
    const { error } = finiteGrammarSchema.safeParse(grammar);
    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.message).toBe(
      'expected at most 64 forms inside one another, got more',
    );
  });

  it('is refused once, at the place where it becomes too large', () => {
    const faults = finiteGrammarFaults(
      { sequence: ['a b', { optional: 'c' }, 'd', 'e'] },
      { depth: 9, parts: 4 },
    );
    expect([...faults]).toEqual([
      {
        path: ['sequence', 1, 'optional'],
        message: 'expected at most 4 words and forms in all, got more',
      },
    ]);
  });
});
