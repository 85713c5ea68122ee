import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { shapeOf, softAlignment } from '../../../src/studies/ctc/occupancies.ts';
import { framesALabel } from '../../../src/studies/ctc/path-counts.ts';
import {
  alphabet,
  inputs,
  type PatternSequence,
  PatternTask,
} from '../../../src/studies/ctc/pattern-task.ts';
import { lessonOf } from '../../../src/studies/engine/lesson.ts';
import { collapse, pathsOver } from '../../reference/ctc-enumeration.ts';

const symbols = alphabet + 1;

function sequenceOf(labels: number[], frames: number): PatternSequence {
  const segments = labels.map((_, index) => ({ first: 2 * index, end: 2 * index + 2 }));
  return { labels, frames, values: new Float32Array(frames * inputs), segments };
}

describe('soft alignments', () => {
  it('are the shares of the paths that spell the text, by enumeration', () => {
    const sequence = sequenceOf([2, 4], 4);
    const random = new Random(3);
    const logits = Float64Array.from({ length: 4 * symbols }, () => random.gaussian());
    const { occupancies, loss } = softAlignment(logits, sequence);
    const expected = new Float64Array(occupancies.length);
    let total = 0;
    const norm = Array.from({ length: 4 }, (_, t) =>
      logits.subarray(t * symbols, (t + 1) * symbols).reduce((sum, x) => sum + Math.exp(x), 0),
    );
    for (const path of pathsOver(4, symbols)) {
      if (collapse(path, 0).join() !== '2,4') continue;
      const prob = path.reduce(
        (product, k, t) => (product * Math.exp(logits[t * symbols + k]!)) / norm[t]!,
        1,
      );
      total += prob;
      for (const [t, k] of path.entries()) expected[t * symbols + k]! += prob;
    }
    occupancies.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]! / total, 12);
    });
    expect(loss).toBeCloseTo(-Math.log(total), 12);
  });

  it('of a network without an opinion have the shape that counting gives', () => {
    const sequence = sequenceOf([1, 2, 3], 20);
    const shape = shapeOf(softAlignment(new Float64Array(20 * symbols), sequence), sequence);
    expect(shape.framesALabel).toBeCloseTo(framesALabel(20, 3, 0), 10);
    expect(shape.blankShare).toBeCloseTo(1 - (3 * framesALabel(20, 3, 0)) / 20, 10);
    expect(shape.width).toBeGreaterThan(5);
  });

  it('of a network that is sure are spikes where it says', () => {
    const sequence = sequenceOf([1, 2, 3], 7);
    const logits = new Float64Array(7 * symbols);
    [0, 1, 0, 2, 0, 3, 0].forEach((label, t) => {
      logits[t * symbols + label] = 50;
    });
    const shape = shapeOf(softAlignment(logits, sequence), sequence);
    expect(shape.framesALabel).toBeCloseTo(1, 10);
    expect(shape.width).toBeCloseTo(1, 10);
    expect(shape.peak).toBeCloseTo(1, 10);
    expect(shape.blankShare).toBeCloseTo(4 / 7, 10);
    expect(shape.inPlace).toBe(1);
  });

  it('have no shape a label where a label stands twice', () => {
    const sequence = sequenceOf([1, 2, 1], 9);
    const alignment = softAlignment(new Float64Array(9 * symbols), sequence);
    expect(() => shapeOf(alignment, sequence)).toThrow(
      '[shapeOf] expected labels that differ, got 1,2,1',
    );
  });
});

describe('the patterns', () => {
  it('stand in the frames that the sequence names, for as long as they should', () => {
    const random = new Random(1);
    const { segments, frames, values } = new PatternTask(random).sequence([3, 1, 3], random);
    expect(segments).toHaveLength(3);
    expect(values).toHaveLength(frames * inputs);
    let before = 0;
    for (const { first, end } of segments) {
      expect(first - before).toBeGreaterThanOrEqual(2);
      expect(end - first).toBeGreaterThanOrEqual(5);
      expect(end - first).toBeLessThanOrEqual(9);
      before = end;
    }
    expect(frames).toBeGreaterThan(before);
  });

  it('make a lesson of sequences side by side, with zeros behind the shorter ones', () => {
    const random = new Random(2);
    const task = new PatternTask(random);
    const sequences = [task.sequence([1], random), task.sequence([2, 3, 4], random)];
    const { frames, lengths, features, targets } = lessonOf(sequences, inputs);
    expect(frames).toBe(sequences[1]!.frames);
    expect([...lengths]).toEqual(sequences.map((sequence) => sequence.frames));
    expect([...targets.labels]).toEqual([1, 2, 3, 4]);
    expect([...targets.lengths]).toEqual([1, 3]);
    const last = (frames - 1) * 2 * inputs;
    expect([...features.subarray(last, last + inputs)]).toEqual(new Array(inputs).fill(0));
    expect(features.subarray(last + inputs)).toEqual(sequences[1]!.values.subarray(-inputs));
  });
});
