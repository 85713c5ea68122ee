import { describe, expect, it } from 'vitest';
import { HmmDecoder } from '../../../src/hmm/decoder.ts';
import { GrammarSearches } from '../../../src/hmm/grammar-searches.ts';
import { soundsOf } from '../../../src/hmm/sounds.ts';
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
    const withoutOptions = new HmmDecoder(twoWords, compileFiniteGrammar(grammar));
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
    expect(() => new HmmDecoder(twoWords).decode(oneTwo, { ...options, grammar: 'three' })).toThrow(
      '[buildDecodingNetwork] expected words of the lexicon, got "three"',
    );
  });
});

describe('GrammarSearches', () => {
  const sounds = soundsOf(twoWords);
  const statesOf = (grammar: FiniteGrammar) =>
    new GrammarSearches(sounds).searchOf(grammar).network.states;

  it('builds the network of a grammar once', () => {
    const searches = new GrammarSearches(sounds);
    const [first] = grammars.map((grammar) => searches.searchOf(grammar));
    expect(searches.searchOf(structuredClone(grammars[0]!))).toBe(first);
  });

  it('lets go of the network that was not used for longest when there are too many', () => {
    const [a, b, c] = [['one'], ['one', 'one'], ['one', 'one', 'one']].map((sequence) => ({
      sequence,
    }));
    const searches = new GrammarSearches(sounds, statesOf(a!) + statesOf(c!));
    const [ofA, ofB] = [searches.searchOf(a!), searches.searchOf(b!)];
    expect(searches.searchOf(a!)).toBe(ofA);
    const ofC = searches.searchOf(c!);
    expect(searches.searchOf(a!)).toBe(ofA);
    expect(searches.searchOf(c!)).toBe(ofC);
    expect(searches.searchOf(b!)).not.toBe(ofB);
  });

  it('keeps no network that is larger than all of them may be, and lets none go for it', () => {
    const searches = new GrammarSearches(sounds, statesOf('one'));
    const one = searches.searchOf('one');
    const large = { sequence: ['one', 'two'] };
    expect(searches.searchOf(large)).not.toBe(searches.searchOf(large));
    expect(searches.searchOf('one')).toBe(one);
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
