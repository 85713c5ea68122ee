import { describe, expect, it } from 'vitest';
import { composeChain, type Segment } from '../../src/hmm/composite-chain.ts';
import type { UnitDefinition } from '../../src/hmm/definition.ts';
import { logLikelihood } from '../../src/hmm/forward.ts';
import { ergodicUnit, leftToRightUnit } from '../../src/hmm/topology.ts';
import { Random } from '../../src/math/random.ts';
import { likelihoodOfSegments } from '../reference/hmm-composition.ts';
import { expectClose, randomLogProbs, scoresOf } from './chains.ts';

const units: Record<string, UnitDefinition> = {
  one: leftToRightUnit([0, 1], { stay: 0.5 }),
  two: leftToRightUnit([2, 3, 0], { stay: 0.4, skip: 0.2 }),
  pause: ergodicUnit([4, 5], { stay: 0.5, leave: 0.25 }),
};

/** from → to: probability */
function arcsOf({ chain }: ReturnType<typeof composeChain>): Record<string, number> {
  const arcs: Record<string, number> = {};
  for (let i = 0; i < chain.states; i++) {
    for (let arc = chain.arcStart[i]!; arc < chain.arcStart[i + 1]!; arc++) {
      arcs[`${i} → ${chain.arcTarget[arc]}`] = Math.exp(chain.arcLogProb[arc]!);
    }
  }
  return arcs;
}

function expectProbs(found: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  expectClose(Object.values(found), Object.values(expected), 1e-15);
}

describe('units in a row', () => {
  const composite = composeChain(
    [
      { alternatives: [['one']], skip: 0 },
      { alternatives: [['pause']], skip: 0.8 },
      { alternatives: [['one']], skip: 0 },
    ],
    units,
  );

  it('are left and entered with the product of the probabilities', () => {
    expectClose(composite.chain.logInitial.map(Math.exp), [1, 0, 0, 0, 0, 0], 1e-15);
    expectClose(composite.chain.logFinal.map(Math.exp), [0, 0, 0, 0, 0, 0.5], 1e-15);
    expectProbs(arcsOf(composite), {
      '0 → 0': 0.5,
      '0 → 1': 0.5,
      '1 → 1': 0.5,
      '1 → 2': 0.5 * 0.2 * 0.5,
      '1 → 3': 0.5 * 0.2 * 0.5,
      '1 → 4': 0.5 * 0.8,
      '2 → 2': 0.5,
      '2 → 3': 0.25,
      '2 → 4': 0.25,
      '3 → 2': 0.25,
      '3 → 3': 0.5,
      '3 → 4': 0.25,
      '4 → 4': 0.5,
      '4 → 5': 0.5,
      '5 → 5': 0.5,
    });
  });

  it('say of each state and arc where it comes from', () => {
    expect(composite.places).toEqual([
      { unit: 'one', segment: 0, alternative: 0, firstState: 0 },
      { unit: 'pause', segment: 1, alternative: 0, firstState: 2 },
      { unit: 'one', segment: 2, alternative: 0, firstState: 4 },
    ]);
    expect([...composite.place]).toEqual([0, 0, 1, 1, 2, 2]);
    expect([...composite.unitState]).toEqual([0, 1, 0, 1, 0, 1]);
    expect([...composite.chain.emission]).toEqual([0, 1, 4, 5, 0, 1]);
    const { chain, place, unitArc, unitState } = composite;
    for (let i = 0; i < chain.states; i++) {
      for (let arc = chain.arcStart[i]!; arc < chain.arcStart[i + 1]!; arc++) {
        const j = chain.arcTarget[arc]!;
        if (place[i] !== place[j]) {
          expect(unitArc[arc]).toBe(-1);
          continue;
        }
        const unit = units[composite.places[place[i]!]!.unit]!;
        const [from, to, prob] = unit.arcs[unitArc[arc]!]!;
        expect([from, to]).toEqual([unitState[i], unitState[j]]);
        expect(Math.exp(chain.arcLogProb[arc]!)).toBeCloseTo(prob, 15);
      }
    }
  });

  it('may begin and end with what can be skipped', () => {
    const { chain } = composeChain(
      [
        { alternatives: [['pause']], skip: 0.25 },
        { alternatives: [['one']], skip: 0 },
        { alternatives: [['pause']], skip: 0.5 },
      ],
      units,
    );
    expectClose(chain.logInitial.map(Math.exp), [0.375, 0.375, 0.25, 0, 0, 0], 1e-15);
    expectClose(chain.logFinal.map(Math.exp), [0, 0, 0, 0.25, 0.25, 0.25], 1e-15);
  });

  it('share a segment evenly among its alternatives, of one unit or several', () => {
    const { chain, places } = composeChain(
      [{ alternatives: [['one'], ['one', 'one']], skip: 0 }],
      units,
    );
    expect(places.map(({ alternative, firstState }) => [alternative, firstState])).toEqual([
      [0, 0],
      [1, 2],
      [1, 4],
    ]);
    expectClose(chain.logInitial.map(Math.exp), [0.5, 0, 0.5, 0, 0, 0], 1e-15);
    expectClose(chain.logFinal.map(Math.exp), [0, 0.5, 0, 0, 0, 0.5], 1e-15);
  });
});

describe('the likelihood of units in a row', () => {
  it('is the sum over all choices, all cuts and all paths', () => {
    const random = new Random(41);
    const names = Object.keys(units);
    let impossible = 0;
    for (let trial = 0; trial < 60; trial++) {
      const segments = Array.from(
        { length: 1 + random.integer(3) },
        (): Segment => ({
          alternatives: Array.from({ length: 1 + random.integer(2) }, () =>
            Array.from({ length: 1 + random.integer(2) }, () => random.pick(names)),
          ),
          skip: random.pick([0, 0.3, 0.9, 1]),
        }),
      );
      const logProbs = randomLogProbs(random, 1 + random.integer(4), 6, 1);
      const expected = Math.log(likelihoodOfSegments(segments, units, logProbs));
      const found = logLikelihood(composeChain(segments, units).chain, scoresOf(logProbs));
      expectClose([found], [expected], 1e-12);
      if (expected === -Infinity) impossible++;
    }
    expect(impossible).toBeLessThan(40);
  });
});

describe('what cannot be put in a row', () => {
  const fine = { alternatives: [['one']], skip: 0 };

  it.each<[string, Segment[]]>([
    ['at least one segment, got none', []],
    ['an alternative in segment 1, got none', [fine, { alternatives: [], skip: 0 }]],
    [
      'units in every alternative of segment 0, got none',
      [{ alternatives: [['one'], []], skip: 0 }],
    ],
    ['a known unit in segment 0, got three', [{ alternatives: [['three']], skip: 0 }]],
    ['a known unit in segment 0, got toString', [{ alternatives: [['toString']], skip: 0 }]],
    ['skip in [0, 1] in segment 1, got NaN', [fine, { ...fine, skip: NaN }]],
  ])('is refused: expected %s', (message, segments) => {
    expect(() => composeChain(segments, units)).toThrow(`[composeChain] expected ${message}`);
  });
});
