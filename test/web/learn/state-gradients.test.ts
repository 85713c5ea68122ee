import { describe, expect, it } from 'vitest';
import { stateGradients } from '../../../web/learn/state-gradients.ts';

describe('stateGradients', () => {
  it.each(['rnn', 'lstm'] as const)(
    'has a share for each frame of an %s, one for the last',
    (cell) => {
      const shares = stateGradients(cell, 1, 20, 1);
      expect(shares).toHaveLength(20);
      expect(shares[0]).toBe(1);
      for (const share of shares) expect(share).toBeGreaterThan(0);
    },
  );

  it('vanishes faster the smaller the recurrent weights are', () => {
    const last = [0.1, 0.5, 1].map((gain) => stateGradients('rnn', gain, 30, 1).at(-1)!);
    expect(last).toEqual([...last].sort((a, b) => a - b));
    expect(last[0]).toBeLessThan(1e-20);
  });

  it('lasts longer in an LSTM', () => {
    expect(stateGradients('lstm', 1, 40, 1).at(-1)).toBeGreaterThan(
      100 * stateGradients('rnn', 1, 40, 1).at(-1)!,
    );
  });

  it('lasts in an LSTM as long as its forget gates are open', () => {
    const last = [-4, 0, 4, 8].map((bias) => stateGradients('lstm', 0.5, 40, bias).at(-1)!);
    expect(last).toEqual([...last].sort((a, b) => a - b));
    expect(last[0]).toBeLessThan(1e-12);
    expect(last[3]).toBeGreaterThan(0.1);
  });

  it('asks nothing of the forget gates of an RNN, which has none', () => {
    expect(stateGradients('rnn', 1, 20, 8)).toEqual(stateGradients('rnn', 1, 20, -4));
  });
});
