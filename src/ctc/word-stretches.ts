import type { Alphabet } from '../alphabet/alphabet.ts';
import type { EmissionMatrix } from '../decoding/emission-matrix.ts';
import type { ForcedPath } from './forced-path.ts';
import type { Stretch } from './label-occupancy.ts';

/** The labels [firstLabel, endLabel) of a labelling that make up one word. */
export type LabelGroup = { readonly firstLabel: number; readonly endLabel: number };

/** labels; the frames of each */
export type LabelFrames = Pick<ForcedPath, 'firstFrames' | 'endFrames'>;

/** Parts a labelling into words: each label a word, or the characters between spaces. */
export function groupsOf(labels: Int32Array, { kind, space }: Alphabet): LabelGroup[] {
  if (kind === 'words')
    return Array.from(labels, (_, index) => ({ firstLabel: index, endLabel: index + 1 }));
  const groups: LabelGroup[] = [];
  let firstLabel = 0;
  for (let index = 0; index <= labels.length; index++) {
    if (index < labels.length && labels[index] !== space) continue;
    if (index > firstLabel) groups.push({ firstLabel, endLabel: index });
    firstLabel = index + 1;
  }
  return groups;
}

/** From the first frame of a word's first label to behind the last frame of its last. */
export function spanOf({ firstLabel, endLabel }: LabelGroup, frames: LabelFrames): Stretch {
  return {
    firstFrame: frames.firstFrames[firstLabel]!,
    endFrame: frames.endFrames[endLabel - 1]!,
  };
}

/** Parts a recording among its words: between two neighbours in the middle. Spans are in order. */
export function stretchesAround(spans: readonly Stretch[], frames: number): Stretch[] {
  const cuts = spans
    .slice(1)
    .map(({ firstFrame }, index) => Math.floor((spans[index]!.endFrame + firstFrame) / 2));
  return spans.map((_, index) => ({
    firstFrame: index === 0 ? 0 : cuts[index - 1]!,
    endFrame: cuts[index] ?? frames,
  }));
}

/** The part of a stretch that is no more than so many frames away from a span in it. */
export function near(stretch: Stretch, span: Stretch, frames: number): Stretch {
  return {
    firstFrame: Math.max(stretch.firstFrame, span.firstFrame - frames),
    endFrame: Math.min(stretch.endFrame, span.endFrame + frames),
  };
}

/**
 * Where in a recording a word can be for all that is heard beside its neighbours: on both sides half-way to
 * where the filler is likelier than the blank. The bounds may be between frames.
 * @param spans those of all words, in order
 */
export function freeOfFiller(
  { frames, units, logProbs }: EmissionMatrix,
  { blank, filler }: Alphabet,
  spans: readonly Stretch[],
  index: number,
): Stretch {
  const { firstFrame, endFrame } = spans[index]!;
  const isFiller = (t: number) =>
    filler !== undefined && logProbs[t * units + filler]! > logProbs[t * units + blank]!;
  const first = spans[index - 1]?.endFrame ?? 0;
  let before = firstFrame - 1;
  while (before >= first && !isFiller(before)) before--;
  const end = spans[index + 1]?.firstFrame ?? frames;
  let after = endFrame;
  while (after < end && !isFiller(after)) after++;
  return {
    firstFrame: before < first ? 0 : (before + 1 + firstFrame) / 2,
    endFrame: after === end ? frames : (endFrame + after) / 2,
  };
}

/** Where labels are put that cannot be heard at all: one after another, all alike. */
export function evenFrames(labels: number, frames: number): LabelFrames {
  const bounds = Int32Array.from({ length: labels + 1 }, (_, i) =>
    Math.floor((i * frames) / labels),
  );
  return { firstFrames: bounds.subarray(0, labels), endFrames: bounds.subarray(1) };
}
