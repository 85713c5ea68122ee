import { describe, expect, it } from 'vitest';
import { lexiconFrom } from '../../src/language/lexicon.ts';

const units = ['z', 'ih', 'iy', 'r', 'ow'];

describe('a lexicon', () => {
  it('keeps the words and their pronunciations in order', () => {
    const zero = [
      ['z', 'ih', 'r', 'ow'],
      ['z', 'iy', 'r', 'ow'],
    ];
    const lexicon = lexiconFrom({ zero, oh: [['ow']] }, units);
    expect([...lexicon]).toEqual([
      ['zero', zero],
      ['oh', [['ow']]],
    ]);
  });

  it.each([
    ['no words', {}, /expected at least one word, got none/u],
    ['two words as one', { 'oh oh': [['ow']] }, /expected one word, got "oh oh"/u],
    ['no pronunciation', { oh: [] }, /oh: expected at least one pronunciation/u],
    ['no units', { oh: [['ow'], []] }, /oh\.1: expected units, got none/u],
    ['an unknown unit', { oh: [['ow', 'uh']] }, /oh\.0\.1: expected the name of a unit, got "uh"/u],
    ['a pronunciation twice', { oh: [['ow'], ['ow']] }, /oh\.1: expected another .* than at 0/u],
  ])('is refused with %s', (_, pronunciations, message) => {
    expect(() => lexiconFrom(pronunciations, units)).toThrow(message);
  });
});
