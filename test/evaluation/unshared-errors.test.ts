import { describe, expect, it } from 'vitest';
import { alignTokens } from '../../src/evaluation/edit-distance.ts';
import { referenceSlots } from '../../src/evaluation/reference-slots.ts';
import { unsharedErrors } from '../../src/evaluation/unshared-errors.ts';
import { Random } from '../../src/math/random.ts';

const words = (text: string) => text.split(' ').filter(Boolean);
const slots = (reference: string, hypothesis: string) =>
  referenceSlots(words(reference), words(hypothesis));

function between(reference: string, first: string, second: string) {
  const { shared, ...only } = unsharedErrors(slots(reference, first), slots(reference, second));
  const shown = (errors: typeof only.onlyFirst) =>
    errors.map(
      ({ reference, hypothesis, position }) =>
        `${position}: ${reference ?? '·'} → ${hypothesis ?? '·'}`,
    );
  return { first: shown(only.onlyFirst), second: shown(only.onlySecond), shared };
}

describe('referenceSlots', () => {
  it('sorts a hypothesis into the words of its reference and the places between them', () => {
    expect(slots('a b c', 'q a x c s')).toEqual({
      words: ['a', 'b', 'c'],
      recognised: ['a', 'x', 'c'],
      inserted: [['q'], [], [], ['s']],
    });
    expect(slots('a b', 'b')).toMatchObject({ recognised: [null, 'b'], inserted: [[], [], []] });
    expect(slots('', 'q r')).toMatchObject({ recognised: [], inserted: [['q', 'r']] });
  });
});

describe('unsharedErrors', () => {
  it('names what one gets wrong and the other right', () => {
    expect(between('one two three', 'one nine three', 'one two')).toEqual({
      first: ['1: two → nine'],
      second: ['2: three → ·'],
      shared: 0,
    });
  });

  it('shares a word that both get wrong, each in its own way', () => {
    expect(between('one two three', 'one nine three', 'one three')).toEqual({
      first: [],
      second: [],
      shared: 1,
    });
  });

  it('shares insertions in one place, whatever was inserted, and names the surplus', () => {
    expect(between('one', 'one q', 'one r')).toEqual({ first: [], second: [], shared: 1 });
    expect(between('one', 'one q r', 'one r')).toEqual({
      first: ['1: · → q'],
      second: [],
      shared: 1,
    });
    expect(between('one', 'q one', 'one q')).toEqual({
      first: ['0: · → q'],
      second: ['1: · → q'],
      shared: 0,
    });
  });

  it('accounts for every error of both', () => {
    const random = new Random(2);
    const text = () => Array.from({ length: random.integer(8) }, () => random.pick(words('a b c')));
    for (let trial = 0; trial < 200; trial++) {
      const [reference, one, other] = [text(), text(), text()];
      const { onlyFirst, onlySecond, shared } = unsharedErrors(
        referenceSlots(reference, one),
        referenceSlots(reference, other),
      );
      const errors = (hypothesis: readonly string[]) =>
        alignTokens(reference, hypothesis).pairs.filter(({ kind }) => kind !== 'hit').length;
      expect(onlyFirst.length + shared).toBe(errors(one));
      expect(onlySecond.length + shared).toBe(errors(other));
    }
  });
});
