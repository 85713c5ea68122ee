import { describe, expect, it } from 'vitest';
import { hmmDefinitionSchema } from '../../../src/hmm/definition.ts';
import { twoWords } from './two-words.ts';

const { one, silence } = twoWords.units;

describe('hmm.json', () => {
  it('may have a grammar of its words', () => {
    const decoding = { ...twoWords.decoding, grammar: { kind: 'list', words: ['one'] } };
    expect(hmmDefinitionSchema.safeParse({ ...twoWords, decoding }).success).toBe(true);
  });

  it.each([
    ['a column out of range', { emissions: 6 }, 'units.two.emissions.2'],
    ['an unknown unit of silence', { silence: 'pause' }, 'silence'],
    ['an unknown noise', { noises: ['cough'] }, 'noises.0'],
    ['silence as filler too', { filler: 'silence' }, 'filler'],
    ['a word of unknown units', { lexicon: { one: [['wan']] } }, 'lexicon.one.0.0'],
    ['no words', { lexicon: {} }, 'lexicon'],
    [
      'a grammar of other words',
      { decoding: { ...twoWords.decoding, grammar: { kind: 'list', words: ['three'] } } },
      'decoding.grammar',
    ],
  ])('is refused with %s, by its place', (_, overrides, place) => {
    const result = hmmDefinitionSchema.safeParse({ ...twoWords, ...overrides });
    expect(result.error!.issues.map(({ path }) => path.join('.'))).toContain(place);
  });

  it.each([
    ['too few initial probabilities', { initial: [1, 0] }, 'initial'],
    ['initial probabilities that sum to two', { initial: [1, 1, 0] }, 'initial'],
    ['too few final probabilities', { final: [0, 0] }, 'final'],
    ['no way out', { final: [0, 0, 0], arcs: [...one!.arcs.slice(0, -1), [2, 2, 1]] }, 'final'],
    ['an arc to nowhere', { arcs: [...one!.arcs, [2, 3, 0]] }, 'arcs.6'],
    ['an arc twice', { arcs: [...one!.arcs, one!.arcs[0]!] }, 'arcs.6'],
    ['a state that loses probability', { arcs: one!.arcs.slice(1) }, 'arcs'],
  ])('is refused with a unit of %s', (_, overrides, place) => {
    const units = { ...twoWords.units, silence: silence!, one: { ...one!, ...overrides } };
    const result = hmmDefinitionSchema.safeParse({ ...twoWords, units });
    const places = result.error!.issues.map(({ path }) => path.slice(2).join('.'));
    expect(places).toContain(place);
  });
});
