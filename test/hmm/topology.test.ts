import { describe, expect, it } from 'vitest';
import { type UnitDefinition, unitSchema } from '../../src/hmm/definition.ts';
import { ergodicUnit, leftToRightUnit } from '../../src/hmm/topology.ts';

/** What leaves each state: arcs and the way out. */
function leaving({ arcs, final }: UnitDefinition): number[] {
  return final.map((exit, state) =>
    arcs.reduce((sum, [from, , prob]) => (from === state ? sum + prob : sum), exit),
  );
}

describe('a left-to-right unit', () => {
  it('goes from its first state to its last, one at a time', () => {
    expect(leftToRightUnit([4, 5, 6], { stay: 0.75 })).toEqual({
      emissions: [4, 5, 6],
      initial: [1, 0, 0],
      arcs: [
        [0, 0, 0.75],
        [0, 1, 0.25],
        [0, 2, 0],
        [1, 1, 0.75],
        [1, 2, 0.25],
        [2, 2, 0.75],
      ],
      final: [0, 0, 0.25],
    });
  });

  it('may leave out a state where skips are allowed, the first and the last too', () => {
    expect(leftToRightUnit([0, 1, 2], { stay: 0.5, skip: 0.25 })).toEqual({
      emissions: [0, 1, 2],
      initial: [0.75, 0.25, 0],
      arcs: [
        [0, 0, 0.5],
        [0, 1, 0.25],
        [0, 2, 0.25],
        [1, 1, 0.5],
        [1, 2, 0.25],
        [2, 2, 0.5],
      ],
      final: [0, 0.25, 0.5],
    });
  });

  it.each([
    { stay: 1 },
    { stay: 0.6, skip: 0.5 },
    { stay: -0.1 },
    { stay: NaN },
    { stay: 0, skip: 2 },
  ])('is refused with %o', (probs) => {
    expect(() => leftToRightUnit([0, 1], probs)).toThrow('[leftToRightUnit] expected');
  });
});

describe('an ergodic unit', () => {
  it('goes from any state to any other and may begin and end in each', () => {
    expect(ergodicUnit([7, 8, 9], { stay: 0.5, leave: 0.25 })).toEqual({
      emissions: [7, 8, 9],
      initial: [1 / 3, 1 / 3, 1 / 3],
      arcs: [
        [0, 0, 0.5],
        [0, 1, 0.125],
        [0, 2, 0.125],
        [1, 0, 0.125],
        [1, 1, 0.5],
        [1, 2, 0.125],
        [2, 0, 0.125],
        [2, 1, 0.125],
        [2, 2, 0.5],
      ],
      final: [0.25, 0.25, 0.25],
    });
  });

  it('stays when it has one state until it is left', () => {
    const { arcs, final } = ergodicUnit([0], { stay: 0.5, leave: 0.25 });
    expect([arcs, final]).toEqual([[[0, 0, 0.75]], [0.25]]);
  });

  it.each([
    { stay: 0.8, leave: 0.3 },
    { stay: 2, leave: 0 },
    { stay: 0, leave: NaN },
  ])('is refused with %o', (probs) => {
    expect(() => ergodicUnit([0, 1], probs)).toThrow('[ergodicUnit] expected');
  });
});

describe('every unit', () => {
  const units = [1, 2, 3, 8].flatMap((states) => {
    const columns = Array.from({ length: states }, (_, s) => s);
    return [
      leftToRightUnit(columns, { stay: 0.6 }),
      leftToRightUnit(columns, { stay: 0.6, skip: 0.1 }),
      leftToRightUnit(columns, { stay: 0, skip: 0 }),
      ergodicUnit(columns, { stay: 0.8, leave: 0.05 }),
    ];
  });

  it('fits the schema of hmm.json, and its probabilities sum to one', () => {
    for (const unit of units) {
      expect(unitSchema.parse(unit)).toEqual(unit);
      expect(unit.initial.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
      for (const sum of leaving(unit)) expect(sum).toBeCloseTo(1, 14);
    }
  });

  it('needs a state', () => {
    expect(() => leftToRightUnit([], { stay: 0.5 })).toThrow(
      '[leftToRightUnit] expected at least one state, got none',
    );
    expect(() => ergodicUnit([], { stay: 0.5, leave: 0.1 })).toThrow(
      '[ergodicUnit] expected at least one state, got none',
    );
  });
});
