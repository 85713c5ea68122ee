import { describe, expect, it } from 'vitest';
import { splitMixtures } from '../../../src/hmm/emissions/mixture-splitting.ts';
import { expectClose } from '../chains.ts';
import { packed } from './mixtures.ts';

describe('the splitting of Gaussian mixtures', () => {
  const mixtures = packed([
    [
      { weight: 0.3, mean: [1, 2], variance: [4, 9] },
      { weight: 0.7, mean: [5, 6], variance: [1, 25] },
    ],
    [{ weight: 1, mean: [0, 0], variance: [1, 1] }],
  ]);

  it('halves the heaviest and moves the halves apart by 0.2 standard deviations each', () => {
    const { componentStart, logWeights, means, variances } = splitMixtures(
      mixtures,
      Int32Array.of(3, 1),
    );
    expect([...componentStart]).toEqual([0, 3, 4]);
    expectClose(logWeights.map(Math.exp), [0.3, 0.35, 0.35, 1], 1e-15);
    expectClose(means, [1, 2, 5.2, 7, 4.8, 5, 0, 0], 1e-14);
    expect([...variances]).toEqual([4, 9, 1, 25, 1, 25, 1, 1]);
  });

  it('goes on with what is heaviest then, to the target of each state', () => {
    const { componentStart, logWeights, means } = splitMixtures(mixtures, Int32Array.of(4, 4));
    expect([...componentStart]).toEqual([0, 4, 8]);
    expectClose(logWeights.map(Math.exp), [0.3, 0.175, 0.35, 0.175, 0.25, 0.25, 0.25, 0.25], 1e-15);
    expectClose(means.subarray(8), [0.4, 0.4, 0, 0, 0, 0, -0.4, -0.4], 1e-15);
  });

  it('leaves a state that has enough, and changes nothing in place', () => {
    const before = structuredClone(mixtures);
    expect(splitMixtures(mixtures, Int32Array.of(1, 0))).toEqual(before);
    splitMixtures(mixtures, Int32Array.of(8, 8));
    expect(mixtures).toEqual(before);
  });

  it('asks for a target for each state', () => {
    expect(() => splitMixtures(mixtures, Int32Array.of(2))).toThrow(
      '[splitMixtures] expected 2 targets, got 1',
    );
  });
});
