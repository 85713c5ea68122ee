import { describe, expect, it } from 'vitest';
import { Alphabet } from '../../src/alphabet/alphabet.ts';
import { labelLogProbs } from '../../src/ctc/label-log-probs.ts';
import type { EmissionMatrix } from '../../src/decoding/emission-matrix.ts';

const letters = new Alphabet({
  kind: 'characters',
  labels: ['-', ' ', 'a', 'b', '?'],
  blank: 0,
  filler: 4,
});

/** Frames in which one label has the probability given and the others share the rest. */
function emissionsOf(frames: readonly (readonly [label: number, p: number])[]): EmissionMatrix {
  const units = letters.size;
  const logProbs = Float32Array.from({ length: frames.length * units }, (_, index) => {
    const [label, p] = frames[Math.floor(index / units)]!;
    return Math.log(index % units === label ? p : (1 - p) / (units - 1));
  });
  return { frames: frames.length, units, logProbs };
}

describe('labelLogProbs', () => {
  it('gives each label the largest probability that it has in its frames', () => {
    const emissions = emissionsOf([
      [0, 0.9],
      [2, 0.6],
      [2, 0.8],
      [4, 0.9],
      [2, 0.5],
      [1, 0.7],
      [3, 0.95],
      [0, 0.9],
    ]);
    const found = labelLogProbs(emissions, letters, 'aa b');
    expect(found.map(({ label }) => label)).toEqual(['a', 'a', ' ', 'b']);
    const expected = [0.8, 0.5, 0.7, 0.95].map(Math.log);
    for (const [index, { logProb }] of found.entries())
      expect(logProb).toBeCloseTo(expected[index]!, 6);
  });

  it('has nothing to give of an empty text, and nothing probable of one that cannot fit', () => {
    const emissions = emissionsOf([[2, 0.9]]);
    expect(labelLogProbs(emissions, letters, '')).toEqual([]);
    expect(labelLogProbs(emissions, letters, 'aa')).toEqual([
      { label: 'a', logProb: -Infinity },
      { label: 'a', logProb: -Infinity },
    ]);
  });
});
