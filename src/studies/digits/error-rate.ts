import { bestPath } from '../../ctc/best-path.ts';
import type { EmissionMatrix } from '../../decoding/emission-matrix.ts';
import { countEdits } from '../../evaluation/edit-distance.ts';
import { sumErrors } from '../../evaluation/word-error-rate.ts';
import type { DigitString } from './digit-strings.ts';

/** Label error rate (Graves et al. 2006, eq. 1, over all labels): edits from what was heard to what was said. */
export function labelErrorRate(
  strings: readonly Pick<DigitString, 'labels'>[],
  heard: readonly ArrayLike<number>[],
): number {
  return sumErrors(strings.map(({ labels }, n) => countEdits(labels, heard[n]!))).rate;
}

/** The label error rate of the likeliest label of each frame, equal neighbours as one and label 0 left out. */
export function bestPathErrorRate(
  strings: readonly Pick<DigitString, 'labels'>[],
  emissions: readonly EmissionMatrix[],
): number {
  return labelErrorRate(
    strings,
    emissions.map((each) => bestPath(each, 0).labels),
  );
}

/** The share of frames whose likeliest label is another than theirs. */
export function frameErrorRate(
  strings: readonly Pick<DigitString, 'frameLabels'>[],
  emissions: readonly EmissionMatrix[],
): number {
  let wrong = 0;
  let frames = 0;
  for (const [n, { units, logProbs }] of emissions.entries()) {
    for (const [t, label] of strings[n]!.frameLabels.entries()) {
      const row = logProbs.subarray(t * units, (t + 1) * units);
      if (row.indexOf(Math.max(...row)) !== label) wrong++;
      frames++;
    }
  }
  return wrong / frames;
}
