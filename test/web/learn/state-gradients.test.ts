import { describe, expect, it } from 'vitest';
import { stateGradients } from '../../../web/learn/state-gradients.ts';

describe('stateGradients', () => {
  it.each(['rnn', 'lstm'] as const)(
    'has a share for each frame of an %s, one for the last',
    (cell) => {
      const shares = stateGradients(cell, 1, 20);
      expect(shares).toHaveLength(20);
      expect(shares[0]).toBe(1);
      for (const share of shares) expect(share).toBeGreaterThan(0);
    },
  );

  it('vanishes faster the smaller the recurrent weights are', () => {
    const last = [0.1, 0.5, 1].map((gain) => stateGradients('rnn', gain, 30).at(-1)!);
    expect(last).toEqual([...last].sort((a, b) => a - b));
    expect(last[0]).toBeLessThan(1e-20);
  });

  it('lasts longer in an LSTM', () => {
    expect(stateGradients('lstm', 1, 40).at(-1)).toBeGreaterThan(
      100 * stateGradients('rnn', 1, 40).at(-1)!,
    );
  });
});
