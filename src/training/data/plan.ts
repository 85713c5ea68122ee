import type { Random } from '../../math/random.ts';
import type { AugmentationConfig } from '../augmentation/config.ts';
import { lengthAtSpeed } from '../augmentation/speed.ts';
import type { Clip } from './clip.ts';

/** A stretch of a clip chosen for an example. Sample numbers count in `clip.audio.samples`. */
export type ChosenPiece = {
  readonly clip: Clip;
  readonly start: number;
  readonly end: number;
  readonly words: readonly string[];
  /** Its own ratio of speed. */
  readonly speed: number;
  readonly gain: number;
  /** Root mean square of the clip's background, full scale 1, before the gain. */
  readonly floorRms: number;
  /** Seconds between the piece before and this one; negative to overlap. */
  readonly gapSeconds: number;
};

export type PlacedPiece = ChosenPiece & {
  /** Where it begins in the example, in samples, and how many it has there. */
  readonly position: number;
  readonly length: number;
};

/**
 * What an example will be made of, with its exact length, so that examples of like length can be brought
 * together before any sound is touched.
 */
export type ExamplePlan = {
  readonly source: string;
  readonly pieces: readonly PlacedPiece[];
  readonly samples: number;
  readonly words: readonly string[];
  /** Without pieces: noise, or digital silence. */
  readonly background: 'noise' | 'silence';
  /** Pauses and edges hold the clips' own noise floor; otherwise digital silence. */
  readonly hasFloor: boolean;
};

/**
 * Lays pieces out one behind the other: cuts the edges, sets the speed, leaves room before and after.
 * Pieces that would make the example longer than `maxSamples` are left out, except for the first.
 */
export function layOut(
  source: string,
  chosen: readonly ChosenPiece[],
  sampleRateHz: number,
  maxSamples: number,
  config: AugmentationConfig,
  random: Random,
): ExamplePlan {
  const drawnSpeed = random.chance(config.speed.probability)
    ? random.uniform(...config.speed.ratio)
    : 1;
  const cutBefore = drawCut(config, sampleRateHz, random);
  const cutAfter = drawCut(config, sampleRateHz, random);
  const padBefore = drawPad(config, sampleRateHz, random);
  const padAfter = drawPad(config, sampleRateHz, random);

  const pieces: PlacedPiece[] = [];
  let end = 0;
  for (const [index, piece] of chosen.entries()) {
    const cut = trimEdges(
      piece,
      index === 0 ? cutBefore : 0,
      index === chosen.length - 1 ? cutAfter : 0,
    );
    const samples = cut.end - cut.start;
    let speed = drawnSpeed * piece.speed;
    if (index === 0) speed = Math.max(speed, samples / maxSamples);
    const length = lengthAtSpeed(samples, speed);
    const gap = index === 0 ? 0 : Math.round(piece.gapSeconds * sampleRateHz);
    const position = Math.max(0, end + gap);
    if (index > 0 && position + length > maxSamples) break;
    pieces.push({ ...cut, speed, position, length });
    end = Math.max(end, position + length);
  }
  const room = Math.max(0, maxSamples - end);
  const before = Math.min(padBefore, Math.floor(room / 2));
  const after = Math.min(padAfter, room - before);
  return {
    source,
    pieces: pieces.map((piece) => ({ ...piece, position: piece.position + before })),
    samples: before + end + after,
    words: pieces.flatMap((piece) => piece.words),
    background: 'noise',
    hasFloor: random.chance(config.pad.floorProbability),
  };
}

function drawCut(config: AugmentationConfig, sampleRateHz: number, random: Random): number {
  if (!random.chance(config.cut.probability)) return 0;
  return Math.round(random.uniform(...config.cut.seconds) * sampleRateHz);
}

function drawPad(config: AugmentationConfig, sampleRateHz: number, random: Random): number {
  if (!random.chance(config.pad.probability)) return 0;
  return Math.round(random.uniform(...config.pad.seconds) * sampleRateHz);
}

/** At most a quarter of the piece goes. */
function trimEdges(piece: ChosenPiece, before: number, after: number): ChosenPiece {
  const most = Math.floor((piece.end - piece.start) / 8);
  return {
    ...piece,
    start: piece.start + Math.min(before, most),
    end: piece.end - Math.min(after, most),
  };
}
