import { describe, expect, it } from 'vitest';
import { LogSpaceForwardBackward } from '../../src/ctc/log-space.ts';
import { RescaledForwardBackward } from '../../src/ctc/rescaled.ts';
import { CtcTarget } from '../../src/ctc/target.ts';
import { logSoftmaxRow } from '../../src/math/log-space.ts';
import { Random } from '../../src/math/random.ts';
import { softmaxRow } from '../../src/math/softmax.ts';

/** Both recursions on the same logits, frames × labels, blank 0. */
function both(logits: Float64Array, frames: number, labels: number, target: Int32Array) {
  const ctcTarget = new CtcTarget();
  ctcTarget.assign(target, 0, target.length);
  if (ctcTarget.fewestFrames > frames) return undefined;
  const probs = new Float64Array(logits.length);
  const logProbs = logits.slice();
  for (let t = 0; t < frames; t++) {
    softmaxRow(logits, t * labels, labels, probs, t * labels);
    logSoftmaxRow(logProbs, t * labels, labels);
  }
  const shape = { labels, blank: 0 };
  const place = () => ({ array: new Float64Array(logits.length), from: 0, stride: labels });
  const [rescaledPlace, logSpacePlace] = [place(), place()];
  return {
    rescaled: new RescaledForwardBackward(shape).run(probs, frames, ctcTarget, rescaledPlace),
    logSpace: new LogSpaceForwardBackward(shape).run(logProbs, frames, ctcTarget, logSpacePlace),
    rescaledGradient: rescaledPlace.array,
    logSpaceGradient: logSpacePlace.array,
  };
}

function worstOf(random: Random, scale: number, trials: number) {
  const worst = { answers: 0, refusals: 0, loss: 0, gradient: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const [frames, labels] = [2 + random.integer(40), 2 + random.integer(5)];
    const length = random.integer(Math.min(10, frames));
    const target = Int32Array.from({ length }, () => 1 + random.integer(labels - 1));
    const logits = Float64Array.from({ length: frames * labels }, () => scale * random.gaussian());
    const result = both(logits, frames, labels, target);
    if (result === undefined) continue;
    if (result.rescaled === undefined) {
      worst.refusals++;
      continue;
    }
    worst.answers++;
    const difference = Math.abs(result.rescaled - result.logSpace) / Math.max(1, result.logSpace);
    worst.loss = Math.max(worst.loss, difference);
    for (const [index, value] of result.rescaledGradient.entries()) {
      const off = Math.abs(value - result.logSpaceGradient[index]!);
      worst.gradient = Math.max(worst.gradient, off);
    }
  }
  return worst;
}

describe('the rescaled recursion', () => {
  it.each([1, 10])('always answers, as log space does, for logits of scale %d', (scale) => {
    const worst = worstOf(new Random(21), scale, 300);
    expect(worst.refusals).toBe(0);
    expect(worst.loss).toBeLessThan(1e-12);
    expect(worst.gradient).toBeLessThan(1e-11);
  });

  it.each([60, 150, 400])('is right or refuses for logits of scale %d', (scale) => {
    const worst = worstOf(new Random(22), scale, 300);
    expect(worst.refusals).toBeGreaterThan(0);
    expect(worst.answers).toBeGreaterThan(0);
    expect(worst.loss).toBeLessThan(1e-12);
    expect(worst.gradient).toBeLessThan(1e-11);
  });

  // Ten frames each that favour label, blank, label. An early label costs nothing at first and e^−1200
  // later; a late one costs e^−800 at once, which underflows beside the early one, and nothing later.
  it('refuses when the path that wins in the end was lost to underflow on the way', () => {
    const favours = [80, -120, 120];
    const logits = Float64Array.from({ length: 60 }, (_, index) =>
      index % 2 === 1 ? favours[Math.floor(index / 20)]! : 0,
    );
    const { rescaled, logSpace } = both(logits, 30, 2, Int32Array.of(1))!;
    expect(logSpace).toBeCloseTo(800, 9);
    expect(rescaled).toBeUndefined();
  });
});
