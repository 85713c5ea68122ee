import { describe, expect, it } from 'vitest';
import {
  chainFromArcs,
  chainFromMatrix,
  compactEmissions,
  incomingArcs,
} from '../../src/hmm/markov-chain.ts';

describe('a chain from a matrix', () => {
  it('keeps the arcs that can be taken', () => {
    const chain = chainFromMatrix(
      [1, 0],
      [
        [0.25, 0.75],
        [0, 0.5],
      ],
      [0, 0.5],
    );
    expect(chain.states).toBe(2);
    expect([...chain.arcStart]).toEqual([0, 2, 3]);
    expect([...chain.arcTarget]).toEqual([0, 1, 1]);
    expect([...chain.arcLogProb]).toEqual([0.25, 0.75, 0.5].map(Math.log));
    expect([...chain.logInitial]).toEqual([0, -Infinity]);
    expect([...chain.logFinal]).toEqual([-Infinity, Math.log(0.5)]);
    expect([...chain.emission]).toEqual([0, 1]);
  });

  it('may end anywhere at no cost if nothing is said of ends', () => {
    const { logFinal } = chainFromMatrix(
      [0.5, 0.5],
      [
        [0, 1],
        [1, 0],
      ],
    );
    expect([...logFinal]).toEqual([0, 0]);
  });

  it.each([
    ['at least one state, got none', [], []],
    [
      'initialProbs that sum to 1, got 0.5',
      [0.5, 0],
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [
      'initialProbs in [0, 1], got -1',
      [-1, 2],
      [
        [1, 0],
        [0, 1],
      ],
    ],
    ['2 rows of transitionProbs, got 1', [1, 0], [[1, 0]]],
    ['2 transitionProbs[1], got 1', [1, 0], [[1, 0], [1]]],
    [
      'transitionProbs[0] in [0, 1], got NaN',
      [1, 0],
      [
        [NaN, 0],
        [0, 1],
      ],
    ],
    [
      'transitionProbs[1] that sum to 1, alone or with finalProbs[1], got 0.5',
      [1, 0],
      [
        [1, 0],
        [0.5, 0],
      ],
    ],
  ])('is refused: expected %s', (message, initial, transitions) => {
    expect(() => chainFromMatrix(initial, transitions)).toThrow(
      `[chainFromMatrix] expected ${message}`,
    );
  });
});

describe('the arcs of a chain', () => {
  const arcs = [
    { from: 2, to: 0, prob: 0.4 },
    { from: 0, to: 2, prob: 0.1 },
    { from: 0, to: 1, prob: 0 },
    { from: 2, to: 2, prob: 0.6 },
    { from: 0, to: 0, prob: 0.9 },
  ];
  const chain = chainFromArcs(
    Float64Array.of(1, 0, 0),
    Float64Array.of(0, 0, 1),
    arcs,
    Int32Array.of(7, 3, 7),
  );

  it('are in order whatever order they come in', () => {
    expect([...chain.arcStart]).toEqual([0, 2, 2, 4]);
    expect([...chain.arcTarget]).toEqual([0, 2, 0, 2]);
    expect([...chain.arcLogProb]).toEqual([0.9, 0.1, 0.4, 0.6].map(Math.log));
  });

  it('can be had by where they lead', () => {
    const { start, source, logProb } = incomingArcs(chain);
    expect([...start]).toEqual([0, 2, 2, 4]);
    expect([...source]).toEqual([0, 2, 0, 2]);
    expect([...logProb]).toEqual([0.9, 0.4, 0.1, 0.6].map(Math.log));
  });

  it('stay when columns are numbered anew without gaps', () => {
    const compact = compactEmissions(chain);
    expect([...compact.columns]).toEqual([3, 7]);
    expect(compact.chain).toEqual({ ...chain, emission: Int32Array.of(1, 0, 1) });
  });
});
