import { describe, expect, it } from 'vitest';
import { SoriError } from '../../../src/errors.ts';
import { HmmDecoder } from '../../../src/hmm/decoder.ts';
import { compileFiniteGrammar, type FiniteGrammar } from '../../../src/language/finite-grammar.ts';
import { spoken, twoWords } from './two-words.ts';

const options = { frameShiftSeconds: 0.01, durationSeconds: 10 };
const oneTwo = spoken(
  [{ frames: 4 }, { word: 'one', frames: 9 }, { word: 'two', frames: 9 }, { frames: 4 }],
  2,
);
const grammars: FiniteGrammar[] = [
  'one',
  { sequence: ['two', { optional: 'one' }] },
  { repeat: { alternatives: ['one', 'two'] }, min: 3, max: 3 },
  { repeat: 'two', min: 0 },
];

describe('decoding with the grammar of a request', () => {
  it.each(grammars)('reads what a decoder of that grammar reads: %j', (grammar) => {
    const withoutOptions = new HmmDecoder(twoWords, { graph: compileFiniteGrammar(grammar) });
    const decoder = new HmmDecoder(twoWords);
    for (const nBest of [1, 4]) {
      expect(decoder.decode(oneTwo, { ...options, nBest, grammar })).toEqual(
        withoutOptions.decode(oneTwo, { ...options, nBest }),
      );
    }
  });

  it('goes back to its own grammar, and finds the same again', () => {
    const decoder = new HmmDecoder(twoWords);
    const own = decoder.decode(oneTwo, options);
    const held = grammars.map((grammar) => decoder.decode(oneTwo, { ...options, grammar }));
    expect(decoder.decode(oneTwo, options)).toEqual(own);
    const again = grammars.map((grammar) => decoder.decode(oneTwo, { ...options, grammar }));
    expect(again).toEqual(held);
    expect(new Set(held.map(([best]) => best!.text)).size).toBeGreaterThan(2);
  });

  it('refuses words that the lexicon lacks', () => {
    const decode = () => new HmmDecoder(twoWords).decode(oneTwo, { ...options, grammar: 'three' });
    expect(decode).toThrow(SoriError);
    expect(decode).toThrow('grammar: expected words of the lexicon, got "three"');
  });
});

describe('the checkpoint of a search', () => {
  const long = spoken(
    Array.from({ length: 100 }, () => ({ word: 'one', frames: 9 }) as const),
    8,
  );

  it('is called again and again, and stops it by throwing', () => {
    const decoder = new HmmDecoder(twoWords);
    const best = decoder.decode(long, options);
    let calls = 0;
    decoder.decode(long, { ...options, checkpoint: () => calls++ });
    expect(calls).toBeGreaterThanOrEqual(long.frames / 256);
    for (let last = 1; last <= calls; last++) {
      let passed = 0;
      const checkpoint = () => {
        if (++passed === last) throw new Error(`stopped at ${last}`);
      };
      expect(() => decoder.decode(long, { ...options, checkpoint })).toThrow(`stopped at ${last}`);
      expect(passed).toBe(last);
    }
    expect(decoder.decode(long, options)).toEqual(best);
  });
});
