import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CtcLoss } from '../../src/ctc/loss.ts';
import type { LossResult } from '../../src/ctc/loss-batch.ts';
import { Random } from '../../src/math/random.ts';
import { enumerateCtc } from '../reference/ctc-enumeration.ts';
import { expectClose } from '../support/expect-close.ts';

type GoldenCase = {
  T: number;
  V: number;
  blank: number;
  targets: number[];
  logits: number[][];
  loss: number | 'inf';
  grad_logits?: number[][];
};
const golden = JSON.parse(
  readFileSync(new URL('../golden/ctc_loss_small.json', import.meta.url), 'utf8'),
) as { cases: GoldenCase[] };

/** The loss of one utterance. */
function lossOf(
  logits: readonly (readonly number[])[],
  labels: number,
  blank: number,
  target: readonly number[],
): { loss: number; gradient: Float64Array } {
  const { losses, gradient } = new CtcLoss({ labels, blank }).compute(
    Float64Array.from(logits.flat()),
    logits.length,
    1,
    Int32Array.of(logits.length),
    { labels: Int32Array.from(target), lengths: Int32Array.of(target.length) },
  );
  return { loss: losses[0]!, gradient };
}

function randomLogits(random: Random, frames: number, labels: number, scale: number): number[][] {
  return Array.from({ length: frames }, () =>
    Array.from({ length: labels }, () => scale * random.gaussian()),
  );
}

describe("CTC loss and gradient against other toolkits' numbers", () => {
  it.each(golden.cases)("equals torch's for $T frames and target $targets", (golden) => {
    const { loss, gradient } = lossOf(golden.logits, golden.V, golden.blank, golden.targets);
    if (golden.loss === 'inf') {
      expect(loss).toBe(Infinity);
      expect(gradient.every((value) => value === 0)).toBe(true);
    } else {
      expect(loss).toBeCloseTo(golden.loss, 10);
      expectClose(gradient, golden.grad_logits!.flat(), 1e-12);
    }
  });

  // ctc_loss_op_test of TensorFlow: five frames, six labels, the last one blank. Its gradient is the
  // probability, but for the label that the frame is aligned with.
  it("equals TensorFlow's where only one path fits", () => {
    const probs = [
      [0.633766, 0.221185, 0.0917319, 0.0129757, 0.0142857, 0.0260553],
      [0.111121, 0.588392, 0.278779, 0.0055756, 0.00569609, 0.010436],
      [0.0357786, 0.633813, 0.321418, 0.00249248, 0.00272882, 0.0037688],
      [0.0663296, 0.643849, 0.280111, 0.00283995, 0.0035545, 0.00331533],
      [0.458235, 0.396634, 0.123377, 0.00648837, 0.00903441, 0.00623107],
    ];
    const target = [0, 1, 2, 1, 0];
    const { loss, gradient } = lossOf(logarithms(probs), 6, 5, target);
    expect(loss).toBeCloseTo(3.34211, 5);
    const expected = probs.map((row, t) => row.map((p, k) => (k === target[t] ? p - 1 : p)));
    expectClose(gradient, expected.flat(), 2e-6);
  });

  it("equals TensorFlow's where a repeat asks for a blank", () => {
    const probs = [
      [0.30176, 0.28562, 0.0831517, 0.0862751, 0.0816851, 0.161508],
      [0.24082, 0.397533, 0.0557226, 0.0546814, 0.0557528, 0.19549],
      [0.230246, 0.450868, 0.0389607, 0.038309, 0.0391602, 0.202456],
      [0.280884, 0.429522, 0.0326593, 0.0339046, 0.0326856, 0.190345],
      [0.423286, 0.315517, 0.0338439, 0.0393744, 0.0339315, 0.154046],
    ];
    const { loss, gradient } = lossOf(logarithms(probs), 6, 5, [0, 1, 1, 0]);
    expect(loss).toBeCloseTo(5.42262, 5);
    const path = [0, 1, 5, 1, 0];
    const expected = probs.map((row, t) => row.map((p, k) => (k === path[t] ? p - 1 : p)));
    expectClose(gradient, expected.flat(), 2e-6);
  });

  function logarithms(probs: number[][]): number[][] {
    return probs.map((row) => row.map(Math.log));
  }
});

describe('CTC loss and gradient against every path spelt out', () => {
  const scales = [1, 30, 300, 3000, 1e30];
  it.each(scales)('agree on random cases with logits of scale %d', (scale) => {
    const random = new Random(scale);
    let impossible = 0;
    for (let trial = 0; trial < 150; trial++) {
      const frames = 1 + random.integer(5);
      const labels = 1 + random.integer(4);
      const blank = random.integer(labels);
      const target = Array.from({ length: labels === 1 ? 0 : random.integer(4) }, () => {
        const label = random.integer(labels - 1);
        return label < blank ? label : label + 1;
      });
      const logits = randomLogits(random, frames, labels, scale);
      const expected = enumerateCtc(logits, blank, target);
      const { loss, gradient } = lossOf(logits, labels, blank, target);
      if (expected.loss === Infinity) impossible++;
      if (loss !== expected.loss) {
        expectClose([loss], [expected.loss], 1e-12 * Math.max(1, expected.loss));
      }
      expectClose(gradient, expected.gradient.flat(), 1e-11);
    }
    expect(impossible).toBeGreaterThan(5);
  });

  it('agree where labels are masked by logits of −∞', () => {
    const random = new Random(5);
    let impossible = 0;
    for (let trial = 0; trial < 200; trial++) {
      const logits = randomLogits(random, 4, 3, 1);
      for (const row of logits) if (random.chance(0.5)) row[random.integer(3)] = -Infinity;
      const expected = enumerateCtc(logits, 0, [1, 2]);
      const { loss, gradient } = lossOf(logits, 3, 0, [1, 2]);
      if (expected.loss === Infinity) {
        impossible++;
        expect(loss).toBe(Infinity);
      } else {
        expect(loss).toBeCloseTo(expected.loss, 11);
      }
      expectClose(gradient, expected.gradient.flat(), 1e-12);
    }
    expect(impossible).toBeGreaterThan(0);
    expect(impossible).toBeLessThan(200);
  });
});

describe('the gradient of a batch', () => {
  const random = new Random(11);
  const [frames, batch, labels, blank] = [9, 5, 4, 2];
  const lengths = Int32Array.of(9, 6, 0, 2, 7);
  const targets = {
    labels: Int32Array.of(0, 1, 1, 3, 3, 0, 0, 0, 1),
    lengths: Int32Array.of(4, 0, 0, 3, 2),
  };
  const logits = Float64Array.from({ length: frames * batch * labels }, () => random.gaussian());
  const ctc = new CtcLoss({ labels, blank });
  const { losses, gradient } = ctc.compute(logits, frames, batch, lengths, targets);

  it('equals central differences of the sum of the finite losses', () => {
    const sumAt = (position: number, value: number) => {
      const moved = logits.slice();
      moved[position] = value;
      return ctc
        .compute(moved, frames, batch, lengths, targets)
        .losses.filter(Number.isFinite)
        .reduce((sum, loss) => sum + loss, 0);
    };
    const step = 1e-5;
    const differences = logits.map(
      (logit, position) =>
        (sumAt(position, logit + step) - sumAt(position, logit - step)) / (2 * step),
    );
    expectClose(gradient, differences, 1e-9);
  });

  it('is the same as of each utterance alone, bit for bit', () => {
    let from = 0;
    for (let n = 0; n < batch; n++) {
      const rows = Array.from({ length: lengths[n]! }, (_, t) => {
        const start = (t * batch + n) * labels;
        return [...logits.subarray(start, start + labels)];
      });
      const target = [...targets.labels.subarray(from, from + targets.lengths[n]!)];
      from += target.length;
      const alone = lossOf(rows, labels, blank, target);
      expect(losses[n]).toBe(alone.loss);
      for (const [index, value] of alone.gradient.entries()) {
        const [t, k] = [Math.floor(index / labels), index % labels];
        expect(gradient[(t * batch + n) * labels + k]).toBe(value);
      }
    }
  });

  it('is infinite loss and no gradient where a target does not fit in its frames', () => {
    expect(losses[3]).toBe(Infinity);
    for (let t = 0; t < frames; t++) {
      const start = (t * batch + 3) * labels;
      expect([...gradient.subarray(start, start + labels)]).toEqual([0, 0, 0, 0]);
    }
  });

  it('leaves padding unread and puts zeros there, over what a reused buffer held', () => {
    const padded = logits.slice();
    for (let n = 0; n < batch; n++) {
      for (let t = lengths[n]!; t < frames; t++) {
        padded.fill(Number.NaN, (t * batch + n) * labels, (t * batch + n + 1) * labels);
      }
    }
    const buffer = new Float64Array(logits.length).fill(7);
    const result = ctc.compute(padded, frames, batch, lengths, targets, buffer);
    expect(result.gradient).toBe(buffer);
    expect(buffer).toEqual(gradient);
    expect(result.losses).toEqual(losses);
  });

  it('of single-precision logits is a single-precision array', () => {
    const single = ctc.compute(Float32Array.from(logits), frames, batch, lengths, targets);
    expect(single.gradient).toBeInstanceOf(Float32Array);
    expectClose(single.gradient, gradient, 1e-6);
  });
});

describe('CTC loss at the edges', () => {
  it('is zero for no frames and an empty target, infinite for no frames and a label', () => {
    const ctc = new CtcLoss({ labels: 2, blank: 0 });
    const { losses } = ctc.compute(new Float32Array(0), 0, 2, Int32Array.of(0, 0), {
      labels: Int32Array.of(1),
      lengths: Int32Array.of(0, 1),
    });
    expect([...losses]).toEqual([0, Infinity]);
  });

  it('takes an empty batch', () => {
    const none = new Int32Array(0);
    const result = new CtcLoss({ labels: 2, blank: 0 }).compute(new Float32Array(0), 9, 0, none, {
      labels: none,
      lengths: none,
    });
    expect(result.losses.length).toBe(0);
  });

  // With every label equally likely, a target without repeats has C(T + L, 2L) paths, each of K^−T.
  it.each([
    { frames: 5000, labels: 30, length: 400 },
    { frames: 5000, labels: 3, length: 2500 },
    { frames: 20000, labels: 100, length: 3 },
  ])('does not underflow in $frames frames with $length target labels', (size) => {
    const { frames, labels, length } = size;
    const target = Int32Array.from({ length }, (_, i) => 1 + (i % 2));
    const { losses, gradient } = new CtcLoss({ labels, blank: 0 }).compute(
      new Float64Array(frames * labels),
      frames,
      1,
      Int32Array.of(frames),
      { labels: target, lengths: Int32Array.of(length) },
    );
    let logPaths = 0;
    for (let i = 1; i <= 2 * length; i++) logPaths += Math.log((frames - length + i) / i);
    expect(losses[0]! / (frames * Math.log(labels) - logPaths)).toBeCloseTo(1, 11);
    expectGradient(gradient, labels);
  });

  it('of a certain path is zero and never below', () => {
    const { loss, gradient } = lossOf(
      Array.from({ length: 50 }, (_, t) => [t % 2 === 0 ? 60 : 0, t % 2 === 0 ? 0 : 60]),
      2,
      0,
      Array.from({ length: 25 }, () => 1),
    );
    expect(loss).toBeGreaterThanOrEqual(0);
    expect(loss).toBeCloseTo(0, 12);
    expectClose(gradient, new Float64Array(100), 1e-12);
  });

  it('is a number for whatever logits come, with a gradient in [−1, 1] that sums to zero', () => {
    const random = new Random(3);
    const extremes = [0, 1, -1, 1e-30, 745, -745, 1e4, -1e4, 1e30, -1e30, 3e38, -3e38, -Infinity];
    let refused = 0;
    for (let trial = 0; trial < 2000; trial++) {
      const [frames, labels] = [1 + random.integer(8), 2 + random.integer(3)];
      const logits = Float32Array.from({ length: frames * labels }, () => random.pick(extremes));
      const target = Int32Array.from({ length: random.integer(4) }, () => {
        return 1 + random.integer(labels - 1);
      });
      let result: LossResult<Float32Array>;
      try {
        result = new CtcLoss({ labels, blank: 0 }).compute(
          logits,
          frames,
          1,
          Int32Array.of(frames),
          { labels: target, lengths: Int32Array.of(target.length) },
        );
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        refused++;
        continue;
      }
      expect(result.losses[0]).toBeGreaterThanOrEqual(0);
      expectGradient(result.gradient, labels);
    }
    expect(refused).toBeLessThan(200);
  });

  function expectGradient(gradient: Float32Array | Float64Array, labels: number): void {
    let worst = 0;
    for (let row = 0; row < gradient.length; row += labels) {
      let sum = 0;
      for (const value of gradient.subarray(row, row + labels)) {
        sum += value;
        if (!(Math.abs(value) <= 1 + 1e-9)) expect.fail(`a gradient of ${value}`);
      }
      worst = Math.max(worst, Math.abs(sum));
    }
    expect(worst).toBeLessThan(1e-6);
  }
});

describe('CTC loss refuses', () => {
  const ctc = new CtcLoss({ labels: 3, blank: 0 });
  const compute = (
    logits: number[],
    lengths: number[],
    labels: number[],
    targetLengths: number[],
    gradient?: Float64Array,
  ) =>
    ctc.compute(
      Float64Array.from(logits),
      2,
      1,
      Int32Array.from(lengths),
      { labels: Int32Array.from(labels), lengths: Int32Array.from(targetLengths) },
      gradient,
    );
  const six = [0, 0, 0, 0, 0, 0];

  it('a frame without a softmax, possible target or not', () => {
    const message = /\[CtcLoss\] expected logits without NaN .* at frame 1 of utterance 0/;
    for (const bad of [Number.NaN, Infinity]) {
      expect(() => compute([0, 0, 0, 0, bad, 0], [2], [1], [1])).toThrow(message);
      expect(() => compute([0, 0, 0, bad, 0, 0], [2], [1, 1, 1], [3])).toThrow(message);
    }
    const masked = [0, 0, 0, -Infinity, -Infinity, -Infinity];
    expect(() => compute(masked, [2], [1], [1])).toThrow(message);
  });

  it('arrays that do not fit', () => {
    expect(() => compute([0, 0], [2], [1], [1])).toThrow('2 × 1 × 3 = 6 logits, got 2');
    expect(() => compute(six, [2], [1], [1], new Float64Array(7))).toThrow('gradient, got 7');
    expect(() => compute(six, [2, 2], [1], [1])).toThrow('expected 1 lengths, got 2');
    expect(() => compute(six, [2], [1], [1, 0])).toThrow('expected 1 targets.lengths, got 2');
    expect(() => compute(six, [2], [1, 2], [1])).toThrow('expected 1 target labels');
  });

  it('lengths and labels out of range, and a blank in a target', () => {
    expect(() => compute(six, [3], [1], [1])).toThrow('lengths in [0, 2], got 3');
    expect(() => compute(six, [-1], [1], [1])).toThrow('lengths in [0, 2], got -1');
    expect(() => compute(six, [2], [1], [-1])).toThrow('at least 0, got -1');
    expect(() => compute(six, [2], [3], [1])).toThrow('got 3');
    expect(() => compute(six, [2], [0], [1])).toThrow('other than the blank 0, got 0');
    expect(() => new CtcLoss({ labels: 3, blank: 3 })).toThrow('a blank in [0, 3), got 3');
    expect(() => new CtcLoss({ labels: 0, blank: 0 })).toThrow('at least one label, got 0');
  });
});
