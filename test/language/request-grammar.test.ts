import { describe, expect, it } from 'vitest';
import { SoriError } from '../../src/errors.ts';
import {
  compileRequestGrammar,
  defaultRequestGrammarLimits,
  readRequestGrammar,
} from '../../src/language/request-grammar.ts';
import { sayingsOf } from '../reference/grammar-enumeration.ts';

const vocabulary = new Set(['turn', 'left', 'right', 'Zürich', 'one']);
const options = { vocabulary };

function refusalOf(
  input: unknown,
  given: Parameters<typeof compileRequestGrammar>[1] = options,
): string {
  try {
    compileRequestGrammar(input, given);
  } catch (error) {
    expect(error).toBeInstanceOf(SoriError);
    expect(error).toMatchObject({ code: 'invalid_request', param: 'grammar' });
    return (error as SoriError).message;
  }
  throw new Error(`expected a refusal of ${JSON.stringify(input)}`);
}

describe('the grammar of a request', () => {
  const meant = { sequence: ['turn', { alternatives: ['left', 'right'] }] };

  it.each([
    ['an object', meant],
    ['JSON text', ` ${JSON.stringify(meant)}`],
    ['JSGF', '#JSGF V1.0; grammar g; public <g> = turn (left | right);'],
    ['words in another case', { sequence: ['Turn', { alternatives: ['LEFT', 'right'] }] }],
  ])('may be %s', (_, input) => {
    expect(readRequestGrammar(input, options)).toEqual(meant);
    expect([...sayingsOf(compileRequestGrammar(input, options), 3).keys()]).toEqual(
      expect.arrayContaining(['turn left', 'turn right']),
    );
  });

  it('may be plain words, as text and as a string of JSON', () => {
    expect(readRequestGrammar('turn left', options)).toBe('turn left');
    expect(readRequestGrammar('"turn  left"', options)).toBe('turn left');
  });

  it('keeps a word of the vocabulary as it stands, capitals and all', () => {
    const repeat = { repeat: { optional: 'Zürich' }, min: 0, max: 2 };
    expect(readRequestGrammar(repeat, options)).toEqual(repeat);
  });

  it.each([
    [
      'an unknown word',
      { sequence: ['turn', { optional: 'left up' }] },
      'grammar.sequence[1].optional: expected words that the model can hear, got "up"',
    ],
    [
      'a form that is none',
      { sequence: ['turn', { either: [] }] },
      'grammar.sequence[1]: expected words or an object with one of sequence, alternatives, optional, repeat, got an object with either',
    ],
    ['a number', 7, 'grammar: expected words or an object'],
    ['broken JSON', '{"sequence": [', 'grammar: expected JSON, got text that is none: '],
    [
      'broken JSGF',
      '#JSGF V1.0; grammar g; public <g> = turn (left;',
      'grammar: expected ")", got ";" at line 1, column 47',
    ],
    ['a long unknown word', 'x'.repeat(1000), `got "${'x'.repeat(57)}…"`],
  ])('is refused with %s, by name and place', (_, input, message) => {
    expect(refusalOf(input)).toContain(message);
  });

  it.each([
    [
      'nesting',
      JSON.parse(`${'{"optional":'.repeat(20_000)}"one"${'}'.repeat(20_000)}`),
      'expected at most 32 forms inside one another',
    ],
    [
      'nesting as text',
      `${'{"optional":'.repeat(10_000)}"one"${'}'.repeat(10_000)}`,
      'expected at most 32 forms inside one another',
    ],
    [
      'words',
      { sequence: Array.from({ length: 20_000 }, () => 'one') },
      'at most 10000 words and forms',
    ],
    ['a string of words', 'one '.repeat(20_000), 'at most 10000 words and forms'],
    ['text', 'one '.repeat(60_000), 'at most 200000 characters, got 240000'],
    [
      'repeats',
      { repeat: { repeat: 'one', times: 1000 }, times: 1000 },
      'a graph of at most 10000 nodes',
    ],
    [
      'arcs',
      { repeat: { alternatives: ['turn', 'left', 'right'] }, times: 9000 },
      'expected a graph of at most',
    ],
    [
      'work',
      { sequence: Array.from({ length: 2400 }, () => ({ optional: 'one' })) },
      'made in at most 500000 steps',
    ],
    [
      'states',
      {
        sequence: [
          { repeat: { alternatives: ['one', 'left'] }, min: 0 },
          'one',
          { repeat: { alternatives: ['one', 'left'] }, times: 30 },
        ],
      },
      'expected a graph',
    ],
    [
      'rules written out',
      `#JSGF V1.0; grammar g; public <g> = <a> <a> <a> <a>; <a> = <b> <b> <b> <b>; <b> = ${'one '.repeat(2000)};`,
      'at most 10000 words and forms in all',
    ],
  ])('is refused where a small request would make much of it: %s', (_, input, message) => {
    expect(refusalOf(input)).toContain(message);
  });

  it('has the limits that it is given', () => {
    const limits = { ...defaultRequestGrammarLimits, parts: 3 };
    expect(refusalOf({ sequence: ['one', 'one', 'one'] }, { vocabulary, limits })).toContain(
      'at most 3',
    );
  });
});
