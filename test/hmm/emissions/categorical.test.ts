import { describe, expect, it } from 'vitest';
import { CategoricalEmissions } from '../../../src/hmm/emissions/categorical.ts';

describe('categorical emissions', () => {
  const emissions = new CategoricalEmissions(2, 3, Float64Array.of(-1, -2, -3, -4, -5, -Infinity));

  it('score each symbol under each state', () => {
    const { frames, units, logProbs } = emissions.score(Int32Array.of(2, 0));
    expect([frames, units, [...logProbs]]).toEqual([2, 2, [-3, -Infinity, -1, -4]]);
  });

  it('become the shares of the symbols counted, and stay where a state emitted none', () => {
    const learner = emissions.learner();
    const symbols = Int32Array.of(0, 2, 2);
    const posteriors = Float64Array.of(0.5, 0, 1, 0, 0.5, 0);
    learner.learn(symbols, emissions.score(symbols), posteriors);
    const { logProbs } = learner.finish();
    expect([...logProbs]).toEqual([Math.log(0.25), -Infinity, Math.log(0.75), -4, -5, -Infinity]);
  });

  it('refuse symbols out of range and a table of another size', () => {
    expect(() => emissions.score(Int32Array.of(0, 3))).toThrow(
      '[CategoricalEmissions] expected symbols in [0, 3), got 3',
    );
    expect(() => new CategoricalEmissions(2, 3, new Float64Array(5))).toThrow(
      '[CategoricalEmissions] expected 2 × 3 = 6 logProbs, got 5',
    );
  });
});
