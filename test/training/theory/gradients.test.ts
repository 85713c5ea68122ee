import { describe, expect, it } from 'vitest';
import { TrainableNetwork } from '../../../src/training/network/trainable-network.ts';
import { BackPropagation } from '../../../src/training/theory/back-propagation.ts';
import {
  crossEntropy,
  type GradientLearner,
  learnOnline,
  learnSequence,
} from '../../../src/training/theory/learner.ts';
import { TheoryNetwork } from '../../../src/training/theory/network.ts';
import { RealTimeRecurrentLearning } from '../../../src/training/theory/real-time-recurrent-learning.ts';
import { truncatedGradient } from '../../reference/truncated-gradient.ts';
import { cellNames, centralDifferences, relativeDifference, smallCase } from './small-networks.ts';

const gradientOf = (
  learner: GradientLearner,
  { parameters, sequence }: ReturnType<typeof smallCase>,
) => {
  learnSequence(learner, parameters, sequence);
  return learner.gradient;
};

describe.each(cellNames)('the gradients of a small %s', (cell) => {
  it('are what central differences of the loss are, by back-propagation', () => {
    const small = smallCase(cell);
    const { network, parameters, sequence } = small;
    const expected = centralDifferences(parameters, (point) =>
      learnSequence(new BackPropagation(network), point, sequence),
    );
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.1);
    expect(
      relativeDifference(gradientOf(new BackPropagation(network), small), expected),
    ).toBeLessThan(1e-8);
  });

  it.each([2, 12, 60])('are the same by real-time recurrent learning over %i frames', (frames) => {
    const small = smallCase(cell, { frames, seed: 5 });
    const byBackPropagation = gradientOf(new BackPropagation(small.network), small);
    const byInfluence = gradientOf(new RealTimeRecurrentLearning(small.network), small);
    expect(relativeDifference(byInfluence, byBackPropagation)).toBeLessThan(1e-9);
  });

  it('are there with each frame by real-time recurrent learning, not only at the end', () => {
    const { network, parameters, sequence } = smallCase(cell);
    const influence = new RealTimeRecurrentLearning(network);
    const inputs = 3;
    for (let t = 0; t < sequence.frames; t++) {
      const logits = influence.forward(parameters, sequence.features, t * inputs);
      influence.backward(parameters, crossEntropy(logits, sequence.targets[t]!).gradient);
      if (t < 3) continue;
      const soFar = {
        frames: t + 1,
        features: sequence.features.subarray(0, (t + 1) * inputs),
        targets: sequence.targets.subarray(0, t + 1),
      };
      const full = new BackPropagation(network);
      learnSequence(full, parameters, soFar);
      expect(relativeDifference(influence.gradient, full.gradient)).toBeLessThan(1e-9);
    }
  });

  it.each(['float64', 'float32'] as const)(
    'and the logits are those of the engine’s graphs in %s',
    async (element) => {
      const { network, parameters, sequence } = smallCase(cell, { frames: 30, hidden: 7 });
      const { frames, features, targets } = sequence;
      const labels = network.architecture.labels;
      const engine = await TrainableNetwork.create(network.architecture, { element });
      const cast = (values: Float64Array) =>
        (element === 'float64' ? values : Float32Array.from(values)) as Float64Array;
      const logits = Float64Array.from(
        await (engine as TrainableNetwork<Float64Array>).forward(cast(parameters), {
          frames,
          batch: 1,
          features: cast(features),
          lengths: Int32Array.of(frames),
        }),
      );
      const logitsGradient = new Float64Array(frames * labels);
      const own: number[] = [];
      const learner = new BackPropagation(network);
      for (let t = 0; t < frames; t++) {
        const row = learner.forward(parameters, features, t * network.architecture.inputs);
        own.push(...row);
        const { gradient } = crossEntropy(row, targets[t]!);
        logitsGradient.set(gradient, t * labels);
        learner.backward(parameters, gradient);
      }
      learner.finish(parameters);
      const gradient = Float64Array.from(
        await (engine as TrainableNetwork<Float64Array>).backward(cast(logitsGradient)),
      );
      const tolerance = element === 'float64' ? 1e-12 : 2e-6;
      expect(relativeDifference(Float64Array.from(own), logits)).toBeLessThan(tolerance);
      expect(relativeDifference(learner.gradient, gradient)).toBeLessThan(tolerance);
      await engine.release();
    },
  );

  it.each([
    [1, 1],
    [4, 1],
    [4, 2],
    [5, 5],
    [7, 3],
    [12, 5],
  ])(
    'by BPTT(%i; %i) are those with the state before each sweep’s window held',
    (depth, interval) => {
      const small = smallCase(cell, { hidden: 3 });
      const { network, parameters, sequence } = small;
      const learner = new BackPropagation(network, { depth, interval });
      const expected = truncatedGradient(network, parameters, sequence, depth, interval);
      expect(relativeDifference(gradientOf(learner, small), expected)).toBeLessThan(1e-7);
    },
  );

  it('are full when truncation reaches further than the sequence', () => {
    const small = smallCase(cell);
    const full = gradientOf(new BackPropagation(small.network), small);
    const truncated = new BackPropagation(small.network, { depth: 12, interval: 1 });
    expect(relativeDifference(gradientOf(truncated, small), full)).toBeLessThan(1e-12);
  });

  it('start anew with each sequence', () => {
    const small = smallCase(cell);
    for (const learner of [
      new BackPropagation(small.network),
      new BackPropagation(small.network, { depth: 4, interval: 2 }),
      new RealTimeRecurrentLearning(small.network),
    ]) {
      const first = gradientOf(learner, small).slice();
      learner.gradient.fill(0);
      expect(relativeDifference(gradientOf(learner, small), first)).toBe(0);
    }
  });

  it('are what updates after each frame add up to as the rate goes to zero', () => {
    const small = smallCase(cell);
    const full = gradientOf(new BackPropagation(small.network), small);
    const differences = [1e-2, 1e-3, 1e-4].map((rate) => {
      const moved = small.parameters.slice();
      learnOnline(new RealTimeRecurrentLearning(small.network), moved, small.sequence, rate);
      const steps = moved.map((value, index) => (small.parameters[index]! - value) / rate);
      return relativeDifference(steps, full);
    });
    expect(differences[0]).toBeGreaterThan(1e-3);
    expect(differences[1]! / differences[0]!).toBeCloseTo(0.1, 1);
    expect(differences[2]! / differences[1]!).toBeCloseTo(0.1, 1);
  });
});

describe('what is kept', () => {
  const keptAfter = (learner: GradientLearner, small: ReturnType<typeof smallCase>) => {
    const { parameters, sequence } = small;
    return Array.from({ length: sequence.frames }, (_, t) => {
      const logits = learner.forward(parameters, sequence.features, 3 * t);
      learner.backward(parameters, crossEntropy(logits, sequence.targets[t]!).gradient);
      return learner.numbersKept;
    });
  };

  it.each([
    ['rnn', 2 * 5 * 45 + 5],
    ['lstm', 3 * 5 * 180 + 10],
  ] as const)('is the influence alone by real-time recurrent learning: %s', (cell, numbers) => {
    const small = smallCase(cell);
    const kept = keptAfter(new RealTimeRecurrentLearning(small.network), small);
    expect(new Set(kept)).toEqual(new Set([numbers]));
  });

  it.each([
    ['rnn', 9 + 5 + 5, 5],
    ['lstm', 9 + 5 + 4 * 5 + 2 * 5, 10],
  ] as const)('grows with every frame by back-propagation: %s', (cell, aFrame, state) => {
    const small = smallCase(cell);
    const kept = keptAfter(new BackPropagation(small.network), small);
    expect(kept).toEqual(kept.map((_, t) => state + (t + 1) * aFrame));
    const truncated = keptAfter(new BackPropagation(small.network, { depth: 4 }), small);
    expect(truncated.at(-1)).toBe(state + 4 * aFrame);
  });
});

it('refuses what is not one layer in one direction, and windows that cannot be', () => {
  const shape = { cell: 'rnn', inputs: 1, labels: 2, hidden: 2 } as const;
  expect(() => new TheoryNetwork({ ...shape, layers: 2, bidirectional: true })).toThrow(
    '[TheoryNetwork] expected one layer in one direction, got 2 in two directions',
  );
  const network = new TheoryNetwork({ ...shape, layers: 1, bidirectional: false });
  for (const options of [{ depth: 2, interval: 3 }, { depth: 0 }]) {
    expect(() => new BackPropagation(network, options)).toThrow(RangeError);
  }
});
