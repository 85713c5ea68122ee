import { describe, expect, it } from 'vitest';
import { AcousticModel } from '../../../src/acoustic/acoustic-model.ts';
import { Random } from '../../../src/math/random.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import type { NetworkArchitecture } from '../../../src/training/network/architecture.ts';
import { exportGraph } from '../../../src/training/network/export-graph.ts';
import { initialParameters } from '../../../src/training/network/parameters.ts';
import { TrainableNetwork } from '../../../src/training/network/trainable-network.ts';

const lengths = Int32Array.of(23, 9, 1, 17);

const architectures = (['lstm', 'rnn'] as const).flatMap((cell) =>
  [false, true].flatMap((bidirectional) =>
    [1, 3].map(
      (layers): NetworkArchitecture => ({
        cell,
        bidirectional,
        layers,
        hidden: 12,
        inputs: 6,
        labels: 7,
      }),
    ),
  ),
);

/** ln softmax in float64, the obvious way. */
function logSoftmax(logits: readonly number[]): number[] {
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return logits.map((logit) => logit - Math.log(sum));
}

describe('the exported graph', () => {
  it.each(
    architectures.map(
      (a) =>
        [
          `${a.layers} × ${a.cell}, ${a.bidirectional ? 'two directions' : 'one direction'}`,
          a,
        ] as const,
    ),
  )('gives what the training forward pass gives: %s', async (_, architecture) => {
    const random = new Random(3);
    const parameters = initialParameters(architecture, random).map(
      (value) => value + 0.1 * random.gaussian(),
    );
    const batch = lengths.length;
    const frames = Math.max(...lengths);
    const { inputs, labels } = architecture;
    const sequences = Array.from(lengths, (length) => ({
      frames: length,
      dims: inputs,
      values: Float32Array.from({ length: length * inputs }, () => random.gaussian()),
    }));
    const features = new Float32Array(frames * batch * inputs);
    sequences.forEach(({ frames: length, values }, n) => {
      for (let t = 0; t < length; t++) {
        features.set(values.subarray(t * inputs, (t + 1) * inputs), (t * batch + n) * inputs);
      }
    });

    const network = await TrainableNetwork.create(architecture);
    const logits = await network.forward(parameters, { frames, batch, features, lengths });
    const graph = encodeModel(exportGraph(architecture, parameters));
    const model = await AcousticModel.load(graph, { dims: inputs, units: labels });
    const emissions = await model.run(sequences);

    for (const [n, { logProbs }] of emissions.entries()) {
      for (let t = 0; t < lengths[n]!; t++) {
        const row = (t * batch + n) * labels;
        const expected = logSoftmax([...logits.subarray(row, row + labels)]);
        for (let k = 0; k < labels; k++) {
          expect(Math.abs(logProbs[t * labels + k]! - expected[k]!)).toBeLessThan(1e-5);
        }
      }
    }
    await network.release();
    await model.release();
  });

  it('has the same bytes for the same weights', () => {
    const architecture = architectures[0]!;
    const parameters = initialParameters(architecture, new Random(1));
    const bytes = () => Buffer.from(encodeModel(exportGraph(architecture, parameters)));
    expect(bytes().equals(bytes())).toBe(true);
  });
});
