import { describe, expect, it } from 'vitest';
import { CtcLoss } from '../../../src/ctc/loss.ts';
import { Random } from '../../../src/math/random.ts';
import type { NetworkArchitecture } from '../../../src/training/network/architecture.ts';
import { initialParameters } from '../../../src/training/network/parameters.ts';
import { TrainableNetwork } from '../../../src/training/network/trainable-network.ts';

const lengths = Int32Array.of(7, 4, 1);
const frames = 7;
const batch = 3;

function architectureOf(
  cell: 'lstm' | 'rnn',
  bidirectional: boolean,
  layers: number,
): NetworkArchitecture {
  return { cell, bidirectional, layers, hidden: 3, inputs: 4, labels: 5 };
}

const architectures = [1, 2, 3].flatMap((layers) =>
  (['lstm', 'rnn'] as const).flatMap((cell) =>
    [false, true].map((bidirectional) => architectureOf(cell, bidirectional, layers)),
  ),
);

const name = (a: NetworkArchitecture) =>
  `${a.layers} × ${a.bidirectional ? 'bidirectional ' : ''}${a.cell}`;

function randomBatch(architecture: NetworkArchitecture, random: Random) {
  const features = new Float64Array(frames * batch * architecture.inputs);
  for (let t = 0; t < frames; t++) {
    for (let n = 0; n < batch; n++) {
      if (t >= lengths[n]!) continue;
      const row = (t * batch + n) * architecture.inputs;
      for (let d = 0; d < architecture.inputs; d++) features[row + d] = random.gaussian();
    }
  }
  const width = architecture.hidden * (architecture.bidirectional ? 2 : 1);
  const masks = Array.from({ length: architecture.layers + 1 }, (_, layer) =>
    Float64Array.from({ length: batch * (layer === 0 ? architecture.inputs : width) }, () =>
      random.chance(0.7) ? 1 / 0.7 : 0,
    ),
  );
  return { frames, batch, features, lengths, masks };
}

/** (loss(p + ε) − loss(p − ε)) / 2ε for every parameter, one after the other. */
async function centralDifferences(
  parameters: Float64Array,
  loss: (parameters: Float64Array) => Promise<number>,
): Promise<Float64Array> {
  const step = 1e-5;
  const gradient = new Float64Array(parameters.length);
  for (let index = 0; index < parameters.length; index++) {
    const moved = parameters.slice();
    moved[index] = parameters[index]! + step;
    const above = await loss(moved);
    moved[index] = parameters[index]! - step;
    gradient[index] = (above - (await loss(moved))) / (2 * step);
  }
  return gradient;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}

describe('back-propagation through time', () => {
  it.each(architectures.map((architecture) => [name(architecture), architecture] as const))(
    'equals central differences of the CTC loss in float64: %s',
    async (_, architecture) => {
      const random = new Random(7);
      const network = await TrainableNetwork.create(architecture, { element: 'float64' });
      const parameters = Float64Array.from(initialParameters(architecture, random));
      const input = randomBatch(architecture, random);
      const criterion = new CtcLoss({ labels: architecture.labels, blank: 0 });
      const targets = {
        labels: Int32Array.of(1, 1, 2, 3, 4),
        lengths: Int32Array.of(3, 1, 1),
      };
      const evaluate = async (point: Float64Array) => {
        const logits = await network.forward(point, input);
        return criterion.compute(logits, frames, batch, lengths, targets);
      };
      const { gradient: logitsGradient } = await evaluate(parameters);
      const gradient = (await network.backward(logitsGradient)).slice();
      const expected = await centralDifferences(parameters, async (point) => {
        const { losses } = await evaluate(point);
        return losses.reduce((sum, loss) => sum + loss, 0);
      });
      expect(largestDifference(expected, new Float64Array(expected.length))).toBeGreaterThan(0.1);
      expect(largestDifference(gradient, expected)).toBeLessThan(1e-7);
      await network.release();
    },
  );

  it('gives a single frame a gradient and no recurrent one', async () => {
    const architecture = architectureOf('lstm', true, 2);
    const network = await TrainableNetwork.create(architecture, { element: 'float64' });
    const parameters = Float64Array.from(initialParameters(architecture, new Random(1)));
    const features = Float64Array.of(1, -1, 0.5, 2);
    const logits = await network.forward(parameters, {
      frames: 1,
      batch: 1,
      features,
      lengths: Int32Array.of(1),
    });
    const gradient = await network.backward(logits.map((value) => value + 1) as Float64Array);
    for (const tensor of network.layout.tensors) {
      const part = gradient.subarray(tensor.offset, tensor.offset + tensor.size);
      const isZero = part.every((value) => value === 0);
      expect(isZero, tensor.name).toBe(tensor.name.endsWith('recurrent'));
    }
    await network.release();
  });
});
