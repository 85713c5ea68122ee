import { describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import { FramewiseLoss } from '../../src/training/framewise-loss.ts';
import { initialParameters } from '../../src/training/network/parameters.ts';
import { TrainableNetwork } from '../../src/training/network/trainable-network.ts';
import { enumerateFramewise } from '../reference/framewise-enumeration.ts';
import { expectClose } from '../support/expect-close.ts';

const labels = 3;

/** The loss of one sequence. */
function lossOf(
  logits: readonly (readonly number[])[],
  target: readonly number[],
): { loss: number; gradient: Float64Array } {
  const { losses, gradient } = new FramewiseLoss(logits[0]!.length).compute(
    Float64Array.from(logits.flat()),
    logits.length,
    1,
    Int32Array.of(logits.length),
    { labels: Int32Array.from(target), lengths: Int32Array.of(target.length) },
  );
  return { loss: losses[0]!, gradient };
}

describe('the loss of labelled frames', () => {
  it.each([1, 30, 300, 1e30])(
    'equals the share of one path among all of them, with logits of scale %d',
    (scale) => {
      const random = new Random(scale);
      for (let trial = 0; trial < 100; trial++) {
        const frames = 1 + random.integer(4);
        const count = 1 + random.integer(4);
        const draw = () => Array.from({ length: count }, () => scale * random.gaussian());
        const logits = Array.from({ length: frames }, draw);
        const target = logits.map(() => random.integer(count));
        const expected = enumerateFramewise(logits, target);
        const { loss, gradient } = lossOf(logits, target);
        expectClose([loss], [expected.loss], 1e-12 * Math.max(1, scale));
        expectClose(gradient, expected.gradient.flat(), 1e-11);
      }
    },
  );

  it('is ln 4 a frame, and pulls by 3/4 and pushes by 1/4, where nothing is known', () => {
    const { loss, gradient } = lossOf(
      [
        [5, 5, 5, 5],
        [0, 0, 0, 0],
      ],
      [2, 0],
    );
    expect(loss).toBeCloseTo(2 * Math.log(4), 12);
    expectClose(gradient, [0.25, 0.25, -0.75, 0.25, -0.75, 0.25, 0.25, 0.25], 1e-12);
  });

  it('has the gradient of central differences through a whole network, in float64', async () => {
    const architecture = {
      cell: 'lstm',
      bidirectional: true,
      layers: 2,
      hidden: 3,
      inputs: 4,
      labels,
    } as const;
    const random = new Random(5);
    const network = await TrainableNetwork.create(architecture, { element: 'float64' });
    const point = Float64Array.from(initialParameters(architecture, random));
    const frames = 5;
    const batch = 2;
    const lengths = Int32Array.of(5, 3);
    const features = Float64Array.from({ length: frames * batch * 4 }, (_, index) =>
      Math.floor(index / 8) < lengths[Math.floor(index / 4) % batch]! ? random.gaussian() : 0,
    );
    const targets = { labels: Int32Array.of(0, 0, 2, 1, 1, 2, 2, 0), lengths };
    const criterion = new FramewiseLoss(labels);
    const evaluate = async () => {
      const logits = await network.forward(point, { frames, batch, features, lengths });
      return criterion.compute(logits, frames, batch, lengths, targets);
    };
    const total = async () => (await evaluate()).losses.reduce((sum, loss) => sum + loss, 0);
    const gradient = (await network.backward((await evaluate()).gradient)).slice();
    const step = 1e-5;
    let largest = 0;
    for (let index = 0; index < point.length; index++) {
      const value = point[index]!;
      point[index] = value + step;
      const above = await total();
      point[index] = value - step;
      const below = await total();
      point[index] = value;
      const slope = (above - below) / (2 * step);
      largest = Math.max(largest, Math.abs(slope));
      expect(Math.abs(gradient[index]! - slope), `parameter ${index}`).toBeLessThan(1e-7);
    }
    expect(largest).toBeGreaterThan(0.1);
    await network.release();
  });

  it('reads a sequence in a batch as it reads it alone, and no padding', () => {
    const random = new Random(6);
    const frames = 6;
    const lengths = Int32Array.of(4, 0, 6);
    const logits = Float32Array.from({ length: frames * 3 * labels }, () => random.gaussian());
    const at = (t: number, n: number) => (t * 3 + n) * labels;
    for (let t = 0; t < frames; t++) {
      for (let n = 0; n < 3; n++)
        if (t >= lengths[n]!) logits.fill(Number.NaN, at(t, n), at(t, n) + labels);
    }
    const sequences = [[0, 1, 2, 1], [], [2, 2, 2, 0, 1, 1]];
    const targets = { labels: Int32Array.from(sequences.flat()), lengths };
    const dirty = new Float32Array(logits.length).fill(9);
    const result = new FramewiseLoss(labels).compute(logits, frames, 3, lengths, targets, dirty);
    expect(result.gradient).toBe(dirty);
    expect(result.losses[1]).toBe(0);
    for (const n of [0, 2]) {
      const rows = sequences[n]!.map((_, t) => [...logits.subarray(at(t, n), at(t, n) + labels)]);
      const alone = lossOf(rows, sequences[n]!);
      expect(result.losses[n]).toBe(alone.loss);
      for (let t = 0; t < lengths[n]!; t++) {
        const own = result.gradient.subarray(at(t, n), at(t, n) + labels);
        const expected = alone.gradient.subarray(t * labels, (t + 1) * labels);
        expect(own).toEqual(Float32Array.from(expected));
      }
    }
    for (let t = 0; t < frames; t++) {
      for (let n = 0; n < 3; n++) {
        if (t < lengths[n]!) continue;
        expect(dirty.subarray(at(t, n), at(t, n) + labels)).toEqual(new Float32Array(labels));
      }
    }
  });

  it('is infinite, without a gradient, where a label cannot be', () => {
    const { loss, gradient } = lossOf(
      [
        [0, 0],
        [0, -Infinity],
      ],
      [0, 1],
    );
    expect(loss).toBe(Infinity);
    expect(gradient.every((value) => value === 0)).toBe(true);
  });

  it('is exact, and never NaN, where a label is beyond what a probability can say', () => {
    const { loss, gradient } = lossOf([[0, 2000, -3e38]], [0]);
    expect(loss).toBe(2000);
    expect([...gradient]).toEqual([-1, 1, 0]);
    expect(lossOf([[0, -3e38]], [1]).loss).toBe(3e38);
    expect(lossOf([[7]], [0]).loss).toBe(0);
  });
});

describe('calls of the framewise loss that cannot be meant', () => {
  const criterion = new FramewiseLoss(2);
  const compute = (
    logits: number[],
    lengths: number[],
    target: number[],
    targetLengths: number[] = lengths,
  ) =>
    criterion.compute(Float64Array.from(logits), 2, 1, Int32Array.from(lengths), {
      labels: Int32Array.from(target),
      lengths: Int32Array.from(targetLengths),
    });

  it('name what was expected and what came', () => {
    expect(() => new FramewiseLoss(0)).toThrow('[FramewiseLoss] expected at least one label');
    expect(() => compute([0, 0], [2], [0, 0])).toThrow('2 × 1 × 2 = 4 logits, got 2');
    expect(() => compute([0, 0, 0, 0], [3], [0, 0, 0])).toThrow('lengths in [0, 2], got 3');
    expect(() => compute([0, 0, 0, 0], [2], [0], [1])).toThrow(
      'a label for each of 2 frames of utterance 0, got 1',
    );
    expect(() => compute([0, 0, 0, 0], [2], [0])).toThrow('2 target labels, one a frame, got 1');
    expect(() => compute([0, 0, 0, 0], [2], [0, 2])).toThrow('target labels in [0, 2), got 2');
    expect(() => compute([0, 0, 0, 0], [2, 2], [0, 1])).toThrow('1 lengths, got 2');
  });

  it.each([[Number.NaN], [Infinity]])('such as a logit of %d', (logit) => {
    expect(() => compute([0, 0, logit, 0], [2], [0, 0])).toThrow('at frame 1 of utterance 0');
  });

  it('such as a frame without any label that can be', () => {
    expect(() => compute([0, 0, -Infinity, -Infinity], [2], [0, 0])).toThrow('not all −∞');
  });
});
