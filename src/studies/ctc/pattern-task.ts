import type { Random } from '../../math/random.ts';
import type { Lesson } from '../../training/gradient.ts';
import { lessonOf } from '../engine/lesson.ts';

/** Labels that are not the blank. */
export const alphabet = 5;
export const inputs = 8;

const noise = 0.7;
const shortestSegment = 5;
const longestSegment = 9;

/**
 * Sequences made up for CTC: each label is a pattern of `inputs` numbers that stands for five to nine frames
 * under noise, with two to five frames of noise alone before, between and after. The segments are known here and
 * told to nobody: `segments` serves to see where a spike falls.
 */
export class PatternTask {
  /** alphabet × inputs; `[(label − 1) * inputs + d]` */
  private readonly patterns: Float64Array;

  constructor(random: Random) {
    this.patterns = Float64Array.from({ length: alphabet * inputs }, () => random.gaussian());
  }

  /** One sequence with these labels, from 1 to `alphabet`. */
  sequence(labels: readonly number[], random: Random): PatternSequence {
    const rows: number[][] = [];
    const segments: { first: number; end: number }[] = [];
    const emit = (frames: number, label: number): void => {
      for (let frame = 0; frame < frames; frame++) {
        rows.push(
          Array.from({ length: inputs }, (_, d) => {
            const pattern = label === 0 ? 0 : this.patterns[(label - 1) * inputs + d]!;
            return pattern + noise * random.gaussian();
          }),
        );
      }
    };
    for (const label of labels) {
      emit(2 + random.integer(4), 0);
      const first = rows.length;
      emit(shortestSegment + random.integer(longestSegment - shortestSegment + 1), label);
      segments.push({ first, end: rows.length });
    }
    emit(2 + random.integer(4), 0);
    return { labels, frames: rows.length, values: Float32Array.from(rows.flat()), segments };
  }

  /** Sequences of three to five random labels as the engine reads them. */
  lesson(batch: number, random: Random): Lesson {
    const sequences = Array.from({ length: batch }, () => {
      const labels = Array.from(
        { length: 3 + random.integer(3) },
        () => 1 + random.integer(alphabet),
      );
      return this.sequence(labels, random);
    });
    return lessonOf(sequences, inputs);
  }
}

export type PatternSequence = {
  readonly labels: readonly number[];
  readonly frames: number;
  /** frames × inputs */
  readonly values: Float32Array;
  /** Where each label's pattern stands, frames `first` to `end` − 1. */
  readonly segments: readonly { readonly first: number; readonly end: number }[];
};
