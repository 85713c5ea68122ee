import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { DirectedNetwork, type Direction } from '../../../web/learn/directed-network.ts';

const inputs = Float64Array.of(0.5, -1, 0, 2, 1, -0.3);
const labels = Int32Array.of(1, 0, 0, 1, 1, 0);
const bothDirections = ['forward', 'backward'] as const;

function networkOf(directions: readonly Direction[], seed = 3): DirectedNetwork {
  return new DirectedNetwork(directions, 3, new Random(seed));
}

function lossOf(network: DirectedNetwork): number {
  const { probabilities } = network.read(inputs);
  const natsOf = (p: number, t: number) => -Math.log(labels[t] === 1 ? p : 1 - p);
  return probabilities.map(natsOf).reduce((sum, nats) => sum + nats);
}

describe('DirectedNetwork', () => {
  it('descends along the gradient that central differences find, in every weight', () => {
    const network = networkOf(bothDirections);
    const step = 1e-5;
    const slopes = network.parameters.map((weights) =>
      weights.map((weight, index) => {
        weights[index] = weight + step;
        const above = lossOf(network);
        weights[index] = weight - step;
        const below = lossOf(network);
        weights[index] = weight;
        return (above - below) / (2 * step);
      }),
    );
    const before = network.parameters.map((weights) => weights.slice());
    const rate = 0.25;
    expect(network.learn(inputs, labels, rate)).toBeCloseTo(lossOf(networkOf(bothDirections)), 12);
    for (const [direction, weights] of network.parameters.entries())
      for (const [index, weight] of weights.entries()) {
        const moved = (before[direction]![index]! - weight) / rate;
        expect(moved).toBeCloseTo(slopes[direction]![index]!, 8);
      }
  });

  it('reads backwards what another with its weights reads forwards', () => {
    const forward = networkOf(['forward']).read(inputs);
    const backward = networkOf(['backward']).read(inputs.slice().reverse());
    expect([...backward.probabilities].reverse()).toEqual(forward.probabilities);
  });

  it('adds up what its directions say', () => {
    const random = new Random(5);
    const alone = bothDirections.map((way) => new DirectedNetwork([way], 3, random).read(inputs));
    const logit = (p: number) => Math.log(p / (1 - p));
    const joined = networkOf(bothDirections, 5).read(inputs);
    for (const [t, p] of joined.probabilities.entries()) {
      const [forward, backward] = alone.map(({ probabilities }) => logit(probabilities[t]!));
      expect(logit(p)).toBeCloseTo(forward! + backward!, 12);
    }
  });

  it.each([
    ['forward', [false, false, false, true, true, true]],
    ['backward', [true, true, true, true, false, false]],
  ] as const)('lets a change of frame 4 be known %s only', (direction, expected) => {
    const network = networkOf([direction]);
    const before = network.read(inputs);
    const after = network.read(inputs.with(3, -2));
    const moved = after.probabilities.map((p, t) => p !== before.probabilities[t]);
    expect(moved).toEqual(expected);
  });
});
