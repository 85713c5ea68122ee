import { describe, expect, it } from 'vitest';
import { type HmmDefinition, hmmDefinitionSchema } from '../../../src/hmm/definition.ts';
import { ergodicUnit, leftToRightUnit } from '../../../src/hmm/topology.ts';
import { groupStates } from '../../../src/training/hybrid/state-groups.ts';
import { targetStatistics } from '../../../src/training/hybrid/target-statistics.ts';

/** "long" of seven states, "short" of two, silence and a noise of two each, filler of three. */
const definition: HmmDefinition = hmmDefinitionSchema.parse({
  format: 1,
  emissions: 16,
  units: {
    long: leftToRightUnit([0, 1, 2, 3, 4, 5, 6], { stay: 0.5 }),
    short: leftToRightUnit([7, 8], { stay: 0.5 }),
    sil: ergodicUnit([9, 10], { stay: 0.5, leave: 0.1 }),
    cough: ergodicUnit([11, 12], { stay: 0.5, leave: 0.1 }),
    other: ergodicUnit([13, 14, 15], { stay: 0.5, leave: 0.1 }),
  },
  lexicon: { long: [['long']], short: [['short']] },
  silence: 'sil',
  noises: ['cough'],
  filler: 'other',
  decoding: { wordPenalty: 0, fillerPenalty: 0, noisePenalty: 0, beam: 9, posteriorScale: 1 },
});

describe('states in groups', () => {
  it('are runs of a unit’s states, one of all pauses and one of the filler', () => {
    const groups = groupStates(definition, 3);
    expect(groups.labels).toBe(7);
    expect(groups.pause).toBe(5);
    const labels = Object.fromEntries(groups.labelsOfUnit);
    expect(labels).toEqual({
      long: Int32Array.of(0, 0, 0, 1, 1, 2, 2),
      short: Int32Array.of(3, 4),
      sil: Int32Array.of(5, 5),
      cough: Int32Array.of(5, 5),
      other: Int32Array.of(6, 6, 6),
    });
    expect(groups.places).toEqual([
      { unit: 'long', state: 0 },
      { unit: 'long', state: 1 },
      { unit: 'long', state: 2 },
      { unit: 'short', state: 0 },
      { unit: 'short', state: 1 },
      { unit: 'sil', state: 0 },
      { unit: 'other', state: 0 },
    ]);
    expect(Object.keys(groups.units)).toEqual(['long', 'short', 'sil', 'other']);
    for (const [label, { unit, state }] of groups.places.entries())
      expect(groups.units[unit]!.emissions[state]).toBe(label);
  });

  it('may be one for a whole word', () => {
    const { labels, units } = groupStates(definition, 1);
    expect(labels).toBe(4);
    expect(units['long']!.arcs).toEqual([[0, 0, 0.5]]);
  });
});

describe('what labels of frames tell of a hybrid', () => {
  const groups = groupStates(definition, 3);
  // sil long(0 0 1 2) short(3) | long(1 2 2) long(0 1 2) other
  const sequences = [Int32Array.of(5, 5, 0, 0, 1, 2, 3), Int32Array.of(1, 2, 2, 0, 1, 2, 6)];

  it('is how frequent they are, each once besides', () => {
    const { logPriors } = targetStatistics(sequences, groups);
    const counts = [3, 3, 4, 1, 0, 2, 1];
    expect(logPriors.length).toBe(counts.length);
    for (const [label, count] of counts.entries())
      expect(logPriors[label]).toBeCloseTo(Math.log((count + 1) / (14 + 7)), 12);
  });

  it('is how they follow one another: a word begins anew where its states go back', () => {
    const { units } = targetStatistics(sequences, groups);
    const long = units['long']!;
    // Entered three times, twice by its first state; two counts stand for what was thought before.
    expect(long.initial[0]).toBeCloseTo((2 + 2 * 0.9) / 5, 12);
    expect(long.initial[1]).toBeCloseTo((1 + 2 * 0.1) / 5, 12);
    const arcs = new Map(long.arcs.map(([from, to, prob]) => [`${from} ${to}`, prob]));
    // From its first state one frame stays and two go on, none skips.
    expect(arcs.get('0 0')).toBeCloseTo((1 + 2 * 0.5) / 5, 12);
    expect(arcs.get('0 1')).toBeCloseTo((2 + 2 * 0.4) / 5, 12);
    expect(arcs.get('0 2')).toBeCloseTo((2 * 0.1) / 5, 12);
    // After its last state one frame stays, three leave.
    expect(arcs.get('2 2')).toBeCloseTo((1 + 2 * 0.5) / 6, 12);
    expect(long.final[2]).toBeCloseTo((3 + 2 * 0.5) / 6, 12);
    for (const unit of Object.values(units)) {
      const leaving = [...unit.final];
      for (const [from, , prob] of unit.arcs) leaving[from]! += prob;
      for (const sum of leaving) expect(sum).toBeCloseTo(1, 12);
    }
  });
});
