import { describe, expect, it } from 'vitest';
import { composeChain } from '../../../src/hmm/composite-chain.ts';
import { ergodicUnit, leftToRightUnit } from '../../../src/hmm/topology.ts';
import { UnitCounts } from '../../../src/training/hmm/unit-counts.ts';

const units = {
  word: leftToRightUnit([0, 1, 2], { stay: 0.5, skip: 0.1 }),
  pause: ergodicUnit([3, 4], { stay: 0.6, leave: 0.2 }),
};
const composite = composeChain(
  [
    { alternatives: [['word']], skip: 0 },
    { alternatives: [['pause']], skip: 0.5 },
    { alternatives: [['word']], skip: 0 },
  ],
  units,
);

describe('counts of moves', () => {
  it('pool the uses of a unit, and count an arc between two as leaving one and entering the other', () => {
    const counts = new UnitCounts(units);
    const { chain, place } = composite;
    counts.addStart(composite, 0, 1);
    for (let state = 0; state < chain.states; state++)
      for (let arc = chain.arcStart[state]!; arc < chain.arcStart[state + 1]!; arc++)
        counts.addArc(composite, state, arc, 1);
    counts.addEnd(composite, chain.states - 1, 1);
    const word = counts.moves.get('word')!;
    expect([...word.arcs]).toEqual([2, 2, 2, 2, 2, 2]);
    const between = Array.from(chain.arcTarget).filter((target, arc) => {
      const from = chain.arcStart.findLastIndex((start) => start <= arc);
      return place[from] !== place[target];
    }).length;
    const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);
    const pause = counts.moves.get('pause')!;
    expect(sum(word.initial) + sum(pause.initial)).toBe(between + 1);
    expect(sum(word.final) + sum(pause.final)).toBe(between + 1);
  });

  it('become probabilities that sum to one, near the shares that were counted', () => {
    const counts = new UnitCounts(units);
    const moves = counts.moves.get('word')!;
    moves.initial.set([900, 100, 0]);
    moves.arcs.set([500, 400, 100, 0, 0, 1000]);
    const { word } = counts.update(units);
    expect(word!.initial[0]).toBeCloseTo(0.9, 2);
    expect(word!.arcs[0]![2]).toBeCloseTo(0.5, 2);
    const leaving = [0, 1, 2].map(
      (state) =>
        word!.final[state]! +
        word!.arcs.reduce((sum, [from, , prob]) => sum + (from === state ? prob : 0), 0),
    );
    for (const total of [...leaving, word!.initial.reduce((a, b) => a + b)])
      expect(total).toBeCloseTo(1, 12);
  });

  it('leave the probabilities of a unit that was not seen', () => {
    const { pause } = new UnitCounts(units).update(units);
    pause!.arcs.forEach(([, , prob], arc) => {
      expect(prob).toBeCloseTo(units.pause.arcs[arc]![2], 12);
    });
  });

  it('never give a probability to a move that the unit lacks', () => {
    const { word } = new UnitCounts(units).update(units);
    expect(word!.initial[2]).toBe(0);
    expect(word!.final[0]).toBe(0);
  });

  it('add up over threads', () => {
    const one = new UnitCounts(units);
    one.addStart(composite, 0, 2);
    const sum = new UnitCounts(units);
    sum.merge(structuredClone({ moves: one.moves }));
    sum.merge(one);
    expect(sum.moves.get('word')!.initial[0]).toBe(4);
  });
});
