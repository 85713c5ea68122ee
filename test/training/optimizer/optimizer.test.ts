import { describe, expect, it } from 'vitest';
import { adam } from '../../../src/training/optimizer/adam.ts';
import { clipGradient } from '../../../src/training/optimizer/clipping.ts';
import { initialSlots, type Optimizer } from '../../../src/training/optimizer/optimizer.ts';
import { learningRateAt } from '../../../src/training/optimizer/schedule.ts';
import { sgd } from '../../../src/training/optimizer/sgd.ts';

/** Minimises (x − 3)² + 10·(y + 1)² from the origin. */
function minimise(optimizer: Optimizer, learningRate: number, steps: number): number[] {
  const parameters = new Float32Array(2);
  const slots = initialSlots(optimizer, 2);
  for (let step = 1; step <= steps; step++) {
    const [x, y] = parameters as unknown as [number, number];
    const gradient = Float32Array.of(2 * (x - 3), 20 * (y + 1));
    optimizer.update(parameters, gradient, slots, step, learningRate);
  }
  return [...parameters];
}

describe('Adam', () => {
  const options = { meanDecay: 0.9, squareDecay: 0.999, epsilon: 1e-8, weightDecay: 0 };

  it('moves every parameter by the learning rate in its first step, whatever the gradient’s size', () => {
    const parameters = Float32Array.of(1, 1, 1);
    const optimizer = adam(options);
    optimizer.update(parameters, Float32Array.of(1e-3, -20, 5), initialSlots(optimizer, 3), 1, 0.1);
    for (const [index, expected] of [0.9, 1.1, 0.9].entries()) {
      expect(parameters[index]).toBeCloseTo(expected, 4);
    }
  });

  it('follows algorithm 1 of Kingma and Ba over three steps worked out by hand', () => {
    const optimizer = adam({ ...options, meanDecay: 0.5, squareDecay: 0.75, epsilon: 0 });
    const parameters = Float32Array.of(0);
    const slots = initialSlots(optimizer, 1);
    // means 0.5·m + 0.5·g: 1, −0.5, 0.75; squares 0.75·v + 0.25·g²: 1, 1.75, 2.3125
    let expected = 0;
    const steps = [
      { gradient: 2, mean: 1 / 0.5, square: 1 / 0.25 },
      { gradient: -2, mean: -0.5 / 0.75, square: 1.75 / 0.4375 },
      { gradient: 2, mean: 0.75 / 0.875, square: 2.3125 / 0.578125 },
    ];
    for (const [index, { gradient, mean, square }] of steps.entries()) {
      optimizer.update(parameters, Float32Array.of(gradient), slots, index + 1, 0.1);
      expected -= (0.1 * mean) / Math.sqrt(square);
      expect(parameters[0]).toBeCloseTo(expected, 6);
    }
  });

  it('finds the minimum of a bowl', () => {
    const [x, y] = minimise(adam(options), 0.05, 1000);
    expect(x).toBeCloseTo(3, 2);
    expect(y).toBeCloseTo(-1, 2);
  });

  it('shrinks parameters without a gradient by weight decay alone', () => {
    const optimizer = adam({ ...options, weightDecay: 0.5 });
    const parameters = Float32Array.of(4);
    optimizer.update(parameters, Float32Array.of(0), initialSlots(optimizer, 1), 1, 0.1);
    expect(parameters[0]).toBeCloseTo(4 * (1 - 0.1 * 0.5), 6);
  });
});

describe('gradient descent', () => {
  it('goes down the gradient when it has no momentum', () => {
    const optimizer = sgd({ momentum: 0, weightDecay: 0 });
    const parameters = Float32Array.of(1, 2);
    optimizer.update(parameters, Float32Array.of(10, -10), initialSlots(optimizer, 2), 1, 0.01);
    expect(parameters[0]).toBeCloseTo(0.9, 6);
    expect(parameters[1]).toBeCloseTo(2.1, 6);
  });

  it('keeps a share of its velocity', () => {
    const optimizer = sgd({ momentum: 0.5, weightDecay: 0 });
    const parameters = Float32Array.of(0);
    const slots = initialSlots(optimizer, 1);
    for (let step = 1; step <= 3; step++) {
      optimizer.update(parameters, Float32Array.of(1), slots, step, 1);
    }
    expect(parameters[0]).toBeCloseTo(-(1 + 1.5 + 1.75), 6);
  });

  it('finds the minimum of a bowl', () => {
    const [x, y] = minimise(sgd({ momentum: 0.9, weightDecay: 0 }), 0.01, 500);
    expect(x).toBeCloseTo(3, 3);
    expect(y).toBeCloseTo(-1, 3);
  });
});

describe('clipping the gradient', () => {
  it('scales a long gradient to the norm and says how long it was', () => {
    const gradient = Float32Array.of(30, 40);
    expect(clipGradient(gradient, 5)).toBeCloseTo(50, 5);
    expect([...gradient]).toEqual([3, 4]);
  });

  it('leaves a short gradient as it is', () => {
    const gradient = Float32Array.of(0.3, 0.4);
    const before = [...gradient];
    clipGradient(gradient, 5);
    expect([...gradient]).toEqual(before);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('makes a gradient with %d zero', (bad) => {
    const gradient = Float32Array.of(1, bad, 2);
    expect(clipGradient(gradient, 5)).toBe(Number.POSITIVE_INFINITY);
    expect([...gradient]).toEqual([0, 0, 0]);
  });
});

describe('the learning rate', () => {
  const schedule = { learningRate: 1, warmupSteps: 10, decay: 'cosine', finalShare: 0.1 } as const;

  it('rises in a straight line while warming up', () => {
    expect(learningRateAt(schedule, 0, 110)).toBeCloseTo(0.1, 12);
    expect(learningRateAt(schedule, 4, 110)).toBeCloseTo(0.5, 12);
    expect(learningRateAt(schedule, 10, 110)).toBeCloseTo(1, 12);
  });

  it('falls along half a cosine to its final share', () => {
    expect(learningRateAt(schedule, 60, 110)).toBeCloseTo(0.55, 12);
    expect(learningRateAt(schedule, 110, 110)).toBeCloseTo(0.1, 12);
    expect(learningRateAt(schedule, 500, 110)).toBeCloseTo(0.1, 12);
  });

  it('falls exponentially to its final share', () => {
    const exponential = { ...schedule, decay: 'exponential' } as const;
    expect(learningRateAt(exponential, 60, 110)).toBeCloseTo(Math.sqrt(0.1), 12);
    expect(learningRateAt(exponential, 110, 110)).toBeCloseTo(0.1, 12);
  });

  it('stays where it is when asked to', () => {
    expect(learningRateAt({ ...schedule, decay: 'constant' }, 109, 110)).toBe(1);
  });
});
