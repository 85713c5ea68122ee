import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import type { HmmExample } from './hmm-example.ts';
import { fillerUnit, type HmmParameters, noiseUnit, silenceUnit } from './units.ts';

/** How much of the way from the quietest frames to the loudest a frame must reach to count as speech. */
const speechShare = 0.4;
/** Which of the frames, from quietest to loudest, stand for quiet and loud. */
const quietRank = 0.1;
const loudRank = 0.95;

/** A unit whose states have no order, with frames that may be its own. */
export const unorderedUnits = [silenceUnit, noiseUnit, fillerUnit] as const;
export type UnorderedUnit = (typeof unorderedUnits)[number];

/**
 * A first guess at what each frame belongs to, from loudness alone (Young et al., "The HTK Book", flat
 * start; here with speech parted from pauses): between the first loud frame and the last, the words'
 * states (of a word's first pronunciation) share the frames evenly. Frames of pauses, of examples without words and of words outside the
 * vocabulary are only named by their unit.
 *
 * @returns frames; the emission column of a word's state, or a unit without order
 */
export function flatStart(
  { words }: Pick<HmmExample, 'words'>,
  features: FeatureMatrix,
  { units, lexicon }: Pick<HmmParameters, 'units' | 'lexicon'>,
): (number | UnorderedUnit)[] {
  const { frames } = features;
  if (words.length === 0) return Array.from({ length: frames }, () => noiseUnit);
  const [first, end] = speechSpan(features);
  const states = words.flatMap((word): (number | UnorderedUnit)[] =>
    word === undefined
      ? Array.from({ length: 8 }, () => fillerUnit)
      : lexicon[word]![0]!.flatMap((unit) => units[unit]!.emissions),
  );
  return Array.from({ length: frames }, (_, t) => {
    if (t < first || t >= end) return silenceUnit;
    return states[Math.floor(((t - first) * states.length) / (end - first))]!;
  });
}

/** From the first loud frame up to the last one; loudness is a frame's first dimension. */
function speechSpan({ frames, dims, values }: FeatureMatrix): [number, number] {
  const loudness = Float32Array.from({ length: frames }, (_, t) => values[t * dims]!);
  const sorted = loudness.toSorted();
  const quiet = sorted[Math.floor(quietRank * frames)]!;
  const loud = sorted[Math.min(frames - 1, Math.floor(loudRank * frames))]!;
  const threshold = quiet + speechShare * (loud - quiet);
  const isLoud = (value: number) => value >= threshold;
  return [loudness.findIndex(isLoud), loudness.findLastIndex(isLoud) + 1];
}
