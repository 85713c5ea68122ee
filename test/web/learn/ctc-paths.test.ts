import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import {
  greedyReading,
  labels,
  lossOf,
  probabilitiesOf,
  readingsOf,
} from '../../../web/learn/ctc-paths.ts';

/** Two frames of blank 0.6 and a 0.4: the mini example of githubharald/CTCDecoder. */
const mini = [
  [60, 40, 0],
  [60, 40, 0],
];

function randomProbs(seed: number, frames: number): Float64Array {
  const random = new Random(seed);
  const row = () => labels.map(() => random.uniform(0.05, 1));
  return probabilitiesOf(Array.from({ length: frames }, row));
}

describe('readingsOf', () => {
  it('adds up the paths of a text, which can make it likelier than the likeliest path', () => {
    const probs = probabilitiesOf(mini);
    const [best] = readingsOf(probs);
    expect(best).toMatchObject({ text: 'a', paths: ['a–', '–a', 'aa'] });
    expect(best!.probability).toBeCloseTo(0.64, 12);
    expect(greedyReading(probs).text).toBe('');
    expect(greedyReading(probs).probability).toBeCloseTo(0.36, 6);
  });

  it('shares the probability of one out among the texts, and every path among them once', () => {
    const readings = readingsOf(randomProbs(1, 4));
    const total = readings.reduce((sum, { probability }) => sum + probability, 0);
    expect(total).toBeCloseTo(1, 12);
    const paths = readings.flatMap((reading) => reading.paths);
    expect(new Set(paths).size).toBe(3 ** 4);
    expect(paths).toHaveLength(3 ** 4);
  });

  it('wants a blank between equal letters', () => {
    const doubled = readingsOf(randomProbs(2, 3)).find(({ text }) => text === 'aa');
    expect(doubled!.paths).toEqual(['a–a']);
  });
});

describe('lossOf', () => {
  it('is −ln of the sum over all paths of the text', () => {
    const probs = randomProbs(3, 4);
    for (const { text, probability } of readingsOf(probs))
      expect(lossOf(probs, text).loss).toBeCloseTo(-Math.log(probability), 10);
  });

  it('is infinite, with no gradient, for a text that needs more frames', () => {
    const { loss, gradient } = lossOf(randomProbs(4, 4), 'aaa');
    expect(loss).toBe(Number.POSITIVE_INFINITY);
    expect(gradient.every((slope) => slope === 0)).toBe(true);
  });
});
