import { describe, expect, it } from 'vitest';
import type { FeatureRecipe } from '../../../src/features/recipe.ts';
import { frameTimesOf } from '../../../src/training/data/frame-times.ts';
import { FrameLabeller } from '../../../src/training/data/labeller.ts';
import { packAudio } from '../../../src/training/data/packed-audio.ts';
import { frameLabelsOf, packFrameLabels } from '../../../src/training/data/packed-frame-labels.ts';
import type { PlacedPiece } from '../../../src/training/data/plan.ts';
import { kaldiRecipe } from '../../features/kaldi-recipes.ts';

const sampleRateHz = 8000;
const fine: FeatureRecipe = kaldiRecipe('mfcc', sampleRateHz, 16);
const coarse: FeatureRecipe = {
  ...kaldiRecipe('log-mel', sampleRateHz, 16),
  stack: 3,
  stride: 3,
};

/** A clip whose frame f, every 10 ms, has the label f, behind another clip. */
function countingClip(frames: number) {
  const samples = 200 + (frames - 1) * 80;
  const audio = packAudio(sampleRateHz, [new Int16Array(1000), new Int16Array(samples)]);
  const labels = packFrameLabels(frameTimesOf(fine), [
    Uint16Array.of(9, 9),
    Uint16Array.from({ length: frames }, (_, frame) => frame),
  ]);
  return {
    ...{ audio, start: 1000, end: 1000 + samples, words: [], speaker: '' },
    frameLabels: frameLabelsOf(labels, 1),
  };
}

function piece(change: Partial<PlacedPiece> & Pick<PlacedPiece, 'clip'>): PlacedPiece {
  const { start, end } = change.clip;
  const rest = { words: [], gain: 1, floorRms: 0, gapSeconds: 0, speed: 1, position: 0 };
  return { start, end, length: end - start, ...rest, ...change };
}

describe('the middle of rows of features', () => {
  it('is that of the samples that they are made of', () => {
    expect(frameTimesOf(fine)).toEqual({ first: 100, step: 80 });
    // Three frames a row: 200 samples and two shifts.
    expect(frameTimesOf(coarse)).toEqual({ first: 180, step: 240 });
    expect(frameTimesOf(coarse, 16_000)).toEqual({ first: 360, step: 480 });
  });
});

describe('labels of an example’s frames', () => {
  const pause = 77;
  const labeller = new FrameLabeller(coarse, pause);

  it('are those of a clip’s frames at the same time', () => {
    const labels = labeller.labelsOf({ pieces: [piece({ clip: countingClip(12) })] }, 4);
    expect([...labels]).toEqual([1, 4, 7, 10]);
  });

  it('follow a clip that is put later, begun later, and played faster', () => {
    const clip = countingClip(40);
    const start = clip.start + 800; // frame 10
    const placed = piece({ clip, start, position: 480, speed: 2, length: (clip.end - start) / 2 });
    // Rows 0 and 1 are before it; row 2's middle is 180 samples into it: 360 of the clip's own.
    const labels = labeller.labelsOf({ pieces: [placed] }, 9);
    expect([...labels]).toEqual([pause, pause, 13, 19, 25, 31, 37, pause, pause]);
  });

  it('are the pause’s between clips, and the later clip’s where two overlap', () => {
    const clip = countingClip(12);
    const { length } = piece({ clip });
    const pieces = [
      piece({ clip }),
      piece({ clip, position: length - 240 }),
      piece({ clip, position: 2 * length + 720 }),
    ];
    const frames = 15;
    const labels = [...labeller.labelsOf({ pieces }, frames)];
    // 1080 samples a clip; the second begins at 840, where row 3's middle, at 900, is 60 samples into it.
    expect(labels.slice(0, 8)).toEqual([1, 4, 7, 0, 3, 6, 9, 11]);
    expect(labels.slice(8, 12)).toEqual([pause, pause, pause, pause]);
    expect(labels[12]).toBe(1);
  });

  it('cannot be had of a clip that nobody has labelled', () => {
    const { frameLabels: _, ...clip } = countingClip(3);
    expect(() => labeller.labelsOf({ pieces: [piece({ clip })] }, 3)).toThrow(
      '[FrameLabeller] expected a clip with labelled frames',
    );
  });
});
