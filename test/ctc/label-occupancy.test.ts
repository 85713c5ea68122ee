import { describe, expect, it } from 'vitest';
import { labelOccupancy } from '../../src/ctc/label-occupancy.ts';
import { labellingProbability } from '../../src/ctc/labelling-probability.ts';
import { Random } from '../../src/math/random.ts';
import { labellingPaths } from '../reference/ctc-alignment.ts';
import { emissionsOf, randomProbs, spelt } from './emissions.ts';

const labellings = [[3], [4], [3, 4], [3, 3], [4, 3, 3]];

describe('the occupancy of a labelling', () => {
  it.each([
    ['nothing but silence', { inside: [0, 1], outside: [0, 1] }],
    ['spaces too', { inside: [0, 1], outside: [0, 1, 2] }],
    ['spaces but no filler', { inside: [0], outside: [0, 2] }],
  ])('weighs all paths, spelt out, with %s around it', (_, silent) => {
    const random = new Random(51);
    let found = 0;
    for (let trial = 0; trial < 60; trial++) {
      const frames = 1 + random.integer(5);
      const probs = randomProbs(random, frames + 2, 5);
      const labelling = labellings[trial % labellings.length]!;
      const paths = labellingPaths(probs.slice(1, frames + 1), silent, labelling);
      const stretch = { firstFrame: 1, endFrame: frames + 1 };
      const occupancy = labelOccupancy(
        emissionsOf(probs),
        stretch,
        silent,
        Int32Array.from(labelling),
      );
      if (paths.length === 0) {
        expect(occupancy).toBeUndefined();
        continue;
      }
      found++;
      const total = paths.reduce((sum, { prob }) => sum + prob, 0);
      expect(occupancy!.probability).toBeCloseTo(total, 6);
      for (const i of labelling.keys()) {
        const moment = paths.reduce(
          (sum, { prob, spans }) => sum + (prob * (spans[i]!.firstFrame + spans[i]!.endFrame)) / 2,
          0,
        );
        expect(occupancy!.middles[i]).toBeCloseTo(1 + moment / total, 5);
      }
    }
    expect(found).toBeGreaterThan(40);
  });

  it('has the probability that the labelling has over the whole recording', () => {
    const random = new Random(52);
    for (let trial = 0; trial < 20; trial++) {
      const emissions = emissionsOf(randomProbs(random, 200, 5));
      const labelling = Int32Array.from({ length: 40 }, () => 3 + random.integer(2));
      const silent = { inside: [0, 1], outside: [0, 1] };
      const whole = { firstFrame: 0, endFrame: 200 };
      const expected = labellingProbability(emissions, [0, 1], labelling);
      const { probability, middles } = labelOccupancy(emissions, whole, silent, labelling)!;
      expect(probability / expected).toBeCloseTo(1, 9);
      for (const [i, middle] of middles.subarray(1).entries()) {
        expect(middle - middles[i]!).toBeGreaterThan(1 - 1e-9);
      }
    }
  });

  it('is none where the labelling has no path', () => {
    const silent = { inside: [0], outside: [0] };
    const emissions = spelt([0, 3, 0], 5, 4);
    const within = (firstFrame: number, endFrame: number) =>
      labelOccupancy(emissions, { firstFrame, endFrame }, silent, Int32Array.of(3, 3));
    expect(within(0, 3)).toBeDefined();
    expect(within(0, 2)).toBeUndefined();
    expect(within(1, 1)).toBeUndefined();
    const impossible = { ...emissions, logProbs: emissions.logProbs.map(() => -Infinity) };
    const everywhere = { firstFrame: 0, endFrame: 3 };
    expect(labelOccupancy(impossible, everywhere, silent, Int32Array.of(3))).toBeUndefined();
  });
});
