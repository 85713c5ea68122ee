import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { insideOf, randomSounds, trainNetwork } from '../../../web/learn/pause-task.ts';

const digits = (text: string) => Float64Array.from(text, Number);

describe('insideOf', () => {
  it.each([
    ['0110011000', '0111111000'],
    ['0000100000', '0000100000'],
    ['1000000001', '1111111111'],
    ['0000000000', '0000000000'],
  ])('has everything between the first and the last sound of %s', (sounds, inside) => {
    expect([...insideOf(digits(sounds))].join('')).toBe(inside);
  });
});

describe('randomSounds', () => {
  it('has one stretch of sound, or two, that begin and end anywhere', () => {
    const random = new Random(2);
    const seen = Array.from({ length: 300 }, () => randomSounds(random).join(''));
    const stretches = seen.map((sounds) => sounds.match(/1+/gu)?.length);
    expect(new Set(stretches)).toEqual(new Set([1, 2]));
    for (let t = 0; t < 10; t++)
      expect(new Set(seen.map((sounds) => sounds[t]))).toEqual(new Set(['0', '1']));
  });
});

describe('trainNetwork', () => {
  it('tells pauses with both directions, and has to guess with one', () => {
    expect(trainNetwork('both').rightShare).toBeGreaterThan(0.99);
    for (const name of ['forward', 'backward'] as const) {
      const { rightShare } = trainNetwork(name);
      expect(rightShare).toBeGreaterThan(0.6);
      expect(rightShare).toBeLessThan(0.85);
    }
  });

  it('learns that silence after speech looks the same forwards, whether speech goes on or not', () => {
    const { network } = trainNetwork('forward');
    const pause = network.read(digits('0110011000')).probabilities;
    const end = network.read(digits('0110000000')).probabilities;
    expect(pause.slice(0, 5)).toEqual(end.slice(0, 5));
  });
});
