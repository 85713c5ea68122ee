import { describe, expect, it } from 'vitest';
import { shownLabels, spikeWithin } from '../../../web/inside/spikes.ts';

/** frames × (blank, one, two, three) */
const probs = [
  [0.9, 0.1, 0, 0],
  [0.2, 0.7, 0.1, 0],
  [0.97, 0.01, 0.01, 0.01],
  [0.5, 0.1, 0.4, 0],
  [0.99, 0.01, 0, 0],
];
const posteriors = {
  frames: 5,
  columns: 4,
  values: Float32Array.from(probs.flat(), Math.log),
  labels: ['<blank>', 'one', 'two', 'three'],
  blank: 0,
  frameShiftSeconds: 0.04,
};

describe('shownLabels', () => {
  it('has the labels that are ever probable, most probable first, without the blank', () => {
    expect(shownLabels(posteriors)).toEqual([1, 2]);
  });
});

describe('spikeWithin', () => {
  it.each([
    [0, 0.2, 0.06],
    [0.08, 0.2, 0.14],
    [0.16, 0.2, 0.18],
  ])('is where the blank is least from %f to %f s: %f', (start, end, expected) => {
    expect(spikeWithin(posteriors, start, end)).toBeCloseTo(expected, 12);
  });

  it('is the start where no frame is', () => {
    expect(spikeWithin(posteriors, 5, 6)).toBe(5);
  });
});
