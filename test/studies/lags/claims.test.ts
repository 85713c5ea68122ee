import { describe, expect, it } from 'vitest';
import { lagsClaims } from '../../../src/studies/lags/claims.ts';

const keys = ['rnn', 'rnnOrthogonal', 'lstmForget0', 'lstm', 'lstmForget3'] as const;

/** The verdicts where each network reaches so far. */
function verdicts(lags: readonly number[], reaches: Record<(typeof keys)[number], number>) {
  const learners = keys.map((key) => {
    const best = { learningRate: 0.01, byLag: [], reach: reaches[key] };
    return { key, name: key, byRate: [best], best };
  });
  const settings = { hidden: 1, batch: 1, steps: 1, seeds: 1, successAccuracy: 1 };
  const claims = lagsClaims({ ...settings, lags, learners });
  return Object.fromEntries(claims.map(({ name, holds }) => [name, holds]));
}

describe('what is claimed of lags', () => {
  it('holds or fails where longer lags were tried than are reached', () => {
    const reaches = { rnn: 10, rnnOrthogonal: 10, lstmForget0: 10, lstm: 20, lstmForget3: 50 };
    expect(verdicts([2, 10, 20, 50, 80], reaches)).toEqual({
      'ten-steps': true,
      'lstm-further': true,
      'best-lstm-further': true,
      'forget-bias': true,
      'orthogonal-further': false,
    });
  });

  it('is undecided where both that are compared reach the longest lag tried', () => {
    const reaches = { rnn: 5, rnnOrthogonal: 5, lstmForget0: 2, lstm: 5, lstmForget3: 5 };
    expect(verdicts([2, 5], reaches)).toEqual({
      'ten-steps': null,
      'lstm-further': null,
      'best-lstm-further': null,
      'forget-bias': null,
      'orthogonal-further': null,
    });
  });

  it('fails where the other alone reaches the longest lag tried, or both less', () => {
    const reaches = { rnn: 5, rnnOrthogonal: 2, lstmForget0: 5, lstm: 2, lstmForget3: 5 };
    expect(verdicts([2, 5], reaches)).toEqual({
      'ten-steps': null,
      'lstm-further': false,
      'best-lstm-further': null,
      'forget-bias': false,
      'orthogonal-further': false,
    });
  });
});
