import { describe, expect, it } from 'vitest';
import { compileFiniteGrammar } from '../../src/language/finite-grammar.ts';
import { parseJsgf } from '../../src/language/jsgf.ts';
import { JsgfError } from '../../src/language/jsgf-tokens.ts';
import { sayingsOf } from '../reference/grammar-enumeration.ts';

const grammarOf = (rules: string) => parseJsgf(`#JSGF V1.0;\ngrammar test;\n${rules}`);
const sayings = (rules: string, mostWords = 4) =>
  [...sayingsOf(compileFiniteGrammar(grammarOf(rules)), mostWords)]
    .filter(([, logWeight]) => logWeight > -Infinity)
    .map(([text]) => text)
    .sort();

describe('a grammar in JSGF', () => {
  it('becomes what the JSON form says', () => {
    expect(
      grammarOf('public <x> = turn (left | right) [now] | stop+ | "New York" <n>*; <n> = oh;'),
    ).toEqual({
      alternatives: [
        { sequence: ['turn', { alternatives: ['left', 'right'] }, { optional: 'now' }] },
        { repeat: 'stop', min: 1 },
        { sequence: ['New York', { repeat: 'oh', min: 0 }] },
      ],
    });
  });

  it('binds repeats closest, then sequences, then alternatives', () => {
    expect(sayings('public <x> = a b* | c;', 3)).toEqual(['a', 'a b', 'a b b', 'c']);
    expect(sayings('public <x> = a (b | c);')).toEqual(['a b', 'a c']);
    expect(sayings('public <x> = (a b)+;', 4)).toEqual(['a b', 'a b a b']);
    expect(sayings('public <x> = [a]+ b;', 3)).toEqual(['a a b', 'a b', 'b']);
  });

  it('lets any public rule be said, defined before or behind its use', () => {
    const rules =
      '<digit> = one | two; public <pair> = <digit> <digit>; public <end> = <stop>; <stop> = stop;';
    expect(sayings(rules)).toEqual(['one one', 'one two', 'stop', 'two one', 'two two']);
  });

  it('passes over comments, a byte order mark, and what the header says of encodings', () => {
    const text =
      '\uFEFF#JSGF V1.0 UTF-8 en;\r\n/* a\n * b */grammar a.b;//c\npublic <x> = /**/ a <NULL> // b\n;';
    expect(parseJsgf(text)).toEqual({ sequence: ['a', { sequence: [] }] });
  });

  it.each([
    ['no header', 'grammar x;', '"#JSGF V1.0;" first, got "grammar x;" at line 1, column 1'],
    ['another version', '#JSGF V2.0; grammar x;', '"#JSGF V1.0;" first'],
    [
      'no name',
      '#JSGF V1.0; public <x> = a;',
      'expected "grammar", got "public" at line 1, column 13',
    ],
  ])('is refused with %s', (_, text, message) => {
    expect(() => parseJsgf(text)).toThrow(message);
  });

  it.each([
    ['no public rule', '<x> = a;', 'expected a public rule, got none'],
    [
      'an unknown rule',
      'public <x> = a\n  <y>;',
      'expected a rule of this grammar, got <y> at line 4, column 3',
    ],
    ['a rule twice', '<x> = a; <x> = b;', 'got <x> again at line 3, column 10'],
    [
      'a rule of itself',
      'public <x> = a <y>; <y> = b | <x>;',
      'do not refer to themselves, got <x> at line 3, column 31',
    ],
    [
      'a fault in a rule that nothing uses',
      'public <x> = a; <y> = (b;',
      'expected ")", got ";" at line 3, column 25',
    ],
    ['no end', 'public <x> = a', 'expected ";", got the end at line 3, column 15'],
    [
      'an empty alternative',
      'public <x> = a | | b;',
      'expected a word, a rule, "(" or "[", got "|" at line 3, column 18',
    ],
    ['a bracket too many', 'public <x> = a );', 'expected ";", got ")" at line 3, column 16'],
    ['a mark of its own', 'public <x> = *;', 'got "*"'],
    [
      'weights',
      'public <x> = /0.5/ a | /0.5/ b;',
      'expected no weights, and comments closed, got "/" at line 3, column 14',
    ],
    ['tags', 'public <x> = a {tag};', 'expected no tags, got "{" at line 3, column 16'],
    ['an import', 'import <a.b>; public <x> = a;', 'expected the name of a rule, got "import"'],
    ['<VOID>', 'public <x> = <VOID>;', 'expected a rule of this grammar, got <VOID>'],
    ['a rule named <NULL>', '<NULL> = a;', 'got <NULL> again'],
    ['a comment without end', 'public <x> = a /* b;', 'comments closed'],
    ['a quote without end', 'public <x> = "a b;', 'expected a quoted word that is closed'],
    ['an empty quote', 'public <x> = " ";', 'got " " at line 3, column 14'],
    ['half a name', 'public <x = a;', 'expected the name of a rule in angle brackets, got "<"'],
  ])('is refused with %s', (_, rules, message) => {
    expect(() => grammarOf(rules)).toThrow(JsgfError);
    expect(() => grammarOf(rules)).toThrow(message);
  });

  it('is refused, at once, when its rules written out explode', () => {
    const doubling = Array.from({ length: 60 }, (_, n) => `<r${n + 1}> = <r${n}> <r${n}>;`);
    const rules = `<r0> = a; ${doubling.join('\n')} public <x> = <r60>;`;
    expect(() => grammarOf(rules)).toThrow(/at most 100000 words and forms in all/u);
  });

  it('is refused, with stack to spare, however deep its brackets and rules go', () => {
    const deep = `public <x> = ${'('.repeat(50_000)}a${')'.repeat(50_000)};`;
    expect(() => grammarOf(deep)).toThrow(/at most 64 rules and brackets inside one another/u);
    const starred = `public <x> = a${'*'.repeat(50_000)};`;
    expect(() => grammarOf(starred)).toThrow(/at most 64 forms inside one another/u);
    const chain = Array.from({ length: 20_000 }, (_, n) => `<r${n}> = <r${n + 1}>;`);
    expect(() => grammarOf(`public <x> = <r0>; ${chain.join(' ')}`)).toThrow(/at most 64 rules/u);
  });
});
