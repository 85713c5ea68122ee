import { Alphabet } from '../../alphabet/alphabet.ts';
import type { AlphabetDefinition } from '../../alphabet/definition.ts';
import type { FeatureRecipe } from '../../features/recipe.ts';
import { framesNeeded, type LabelKind } from './batch.ts';
import { type FrameTimes, frameTimesOf } from './frame-times.ts';
import type { ClipFrameLabels } from './packed-frame-labels.ts';
import type { ExamplePlan } from './plan.ts';

/** Says what an example is to be learnt as. */
export interface Labeller {
  readonly kind: LabelKind;
  /** Frames that the labels need at the least; 1 or more. */
  framesNeeded(plan: ExamplePlan): number;
  labelsOf(plan: ExamplePlan, frames: number): Int32Array;
}

/** The labels of the words that are said, in their order. */
export class TextLabeller implements Labeller {
  readonly kind = 'sequence';
  private readonly alphabet: Alphabet;

  constructor(alphabet: AlphabetDefinition) {
    this.alphabet = new Alphabet(alphabet);
  }

  framesNeeded(plan: ExamplePlan): number {
    return Math.max(1, framesNeeded(this.labelsOf(plan)));
  }

  labelsOf({ words }: Pick<ExamplePlan, 'words'>): Int32Array {
    return this.alphabet.encode(words.join(' '));
  }
}

/**
 * A label for each frame: that of the clip which sounds in the middle of it, at the place that the clip has
 * come to by then, and the pause's where none does.
 */
export class FrameLabeller implements Labeller {
  readonly kind = 'frames';
  private readonly times: FrameTimes;
  private readonly pauseLabel: number;

  constructor(recipe: FeatureRecipe, pauseLabel: number) {
    this.times = frameTimesOf(recipe);
    this.pauseLabel = pauseLabel;
  }

  framesNeeded(): number {
    return 1;
  }

  /** @throws RangeError for a clip whose frames have no labels */
  labelsOf({ pieces }: Pick<ExamplePlan, 'pieces'>, frames: number): Int32Array {
    const { first, step } = this.times;
    const labels = new Int32Array(frames).fill(this.pauseLabel);
    for (const { clip, start, position, length, speed } of pieces) {
      if (clip.frameLabels === undefined)
        throw new RangeError(
          '[FrameLabeller] expected a clip with labelled frames, got one without',
        );
      for (let t = Math.max(0, Math.ceil((position - first) / step)); t < frames; t++) {
        const sample = first + t * step - position;
        if (sample >= length) break;
        labels[t] = labelAt(clip.frameLabels, start - clip.start + sample * speed);
      }
    }
    return labels;
  }
}

/** The label of the frame whose middle is nearest to a sample of the clip. */
function labelAt({ times, labels }: ClipFrameLabels, sample: number): number {
  const frame = Math.round((sample - times.first) / times.step);
  return labels[Math.min(labels.length - 1, Math.max(0, frame))]!;
}
