import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/math/random.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import { exportGraph } from '../../../src/training/network/export-graph.ts';
import { importParameters } from '../../../src/training/network/import-parameters.ts';
import { initialParameters } from '../../../src/training/network/parameters.ts';

const architectures = (['lstm', 'rnn'] as const).flatMap((cell) =>
  [false, true].map((bidirectional) => ({
    ...{ cell, bidirectional, layers: 2, hidden: 5 },
    ...{ inputs: 3, labels: 4 },
  })),
);

describe('weights read back from an exported graph', () => {
  it.each(architectures)(
    'are those that were exported: $cell, bidirectional $bidirectional',
    (architecture) => {
      const random = new Random(8);
      const parameters = initialParameters(architecture, random).map(
        (weight) => weight + random.gaussian(),
      );
      const model = encodeModel(exportGraph(architecture, parameters));
      expect(importParameters(model, architecture)).toEqual(parameters);
    },
  );

  it('are refused where they are another network’s', () => {
    const [architecture] = architectures;
    const model = encodeModel(
      exportGraph(architecture!, initialParameters(architecture!, new Random(1))),
    );
    expect(() => importParameters(model, { ...architecture!, labels: 5 })).toThrow(
      '[importParameters] expected 25 numbers of output.weight, got 20',
    );
    expect(() => importParameters(model, { ...architecture!, layers: 3 })).toThrow(
      'numbers of layer2.input, got none',
    );
  });
});
