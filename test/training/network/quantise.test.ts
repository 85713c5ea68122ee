import { beforeAll, describe, expect, it } from 'vitest';
import { AcousticModel } from '../../../src/acoustic/acoustic-model.ts';
import { Random } from '../../../src/math/random.ts';
import { encodeModel } from '../../../src/onnx/encode.ts';
import type { Graph } from '../../../src/onnx/types.ts';
import { exportGraph } from '../../../src/training/network/export-graph.ts';
import { initialParameters } from '../../../src/training/network/parameters.ts';
import { quantised } from '../../../src/training/network/quantise.ts';

const [dims, units, hidden] = [6, 7, 16];
const architecture = {
  cell: 'lstm',
  bidirectional: true,
  layers: 2,
  hidden,
  inputs: dims,
  labels: units,
} as const;

describe('a network with its weights as integers', () => {
  const random = new Random(3);
  const parameters = initialParameters(architecture, random).map((weight) => 3 * weight);
  const graph = exportGraph(architecture, parameters);
  const matrices = [30, 7, 1].map((frames) => {
    const values = Float32Array.from({ length: frames * dims }, () => random.gaussian());
    return { frames, dims, values };
  });
  const load = (of: Graph) => AcousticModel.load(encodeModel(of), { dims, units });
  let integers: AcousticModel;

  beforeAll(async () => {
    integers = await load(quantised(graph));
  });

  it('has each weight to half a step of its row, transposed, in 7 bits', () => {
    const tensor = (of: Graph, name: string) => of.initializers.find((each) => each.name === name)!;
    const columns = dims;
    const rows = 4 * hidden;
    const weights = tensor(graph, 'layer0.input').values as Float32Array;
    const rounded = tensor(quantised(graph), 'layer0.input.integers');
    const scales = tensor(quantised(graph), 'layer0.input.scale').values as Float32Array;
    expect(rounded.shape).toEqual([2, columns, rows]);
    for (let each = 0; each < 2 * rows; each++) {
      const [direction, row] = [Math.floor(each / rows), each % rows];
      const own = Array.from({ length: columns }, (_, column) => {
        const integer = Number(rounded.values[(direction * columns + column) * rows + row]);
        const weight = weights[each * columns + column]!;
        expect(Math.abs(weight - integer * scales[each]!)).toBeLessThan(0.5001 * scales[each]!);
        return Math.abs(integer);
      });
      expect(Math.max(...own)).toBe(63);
    }
  });

  it('hears nearly what it heard before, to a hundredth of what two frames differ by', async () => {
    const before = await load(graph);
    for (const matrix of matrices.slice(0, 2)) {
      const [expected] = await before.run([matrix]);
      const [found] = await integers.run([matrix]);
      const { logProbs } = expected!;
      const differences = logProbs.map((value, index) => (value - found!.logProbs[index]!) ** 2);
      const steps = logProbs.slice(units).map((value, index) => (value - logProbs[index]!) ** 2);
      const mean = (values: Float32Array) =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean(differences)).toBeLessThan(0.01 * mean(steps));
    }
  });

  it('hears the same alike, but not in company, and is found not to', async () => {
    const [first] = await integers.run([matrices[0]!]);
    const [again] = await integers.run([matrices[0]!]);
    const [among] = await integers.run(matrices);
    expect(again).toEqual(first);
    expect(among).not.toEqual(first);
    await integers.tryBatch();
    expect(integers.batches).toBe(false);
  });
});
