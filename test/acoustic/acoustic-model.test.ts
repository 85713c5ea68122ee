import { beforeAll, describe, expect, it } from 'vitest';
import { AcousticModel } from '../../src/acoustic/acoustic-model.ts';
import type { FeatureMatrix } from '../../src/features/feature-matrix.ts';
import { Random } from '../../src/math/random.ts';
import { encodeModel } from '../../src/onnx/encode.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { exportGraph } from '../../src/training/network/export-graph.ts';
import { initialParameters } from '../../src/training/network/parameters.ts';

const dims = 5;
const units = 4;
const architecture = {
  cell: 'lstm',
  bidirectional: true,
  layers: 2,
  hidden: 8,
  inputs: dims,
  labels: units,
} as const;

function randomMatrix(random: Random, frames: number): FeatureMatrix {
  const values = Float32Array.from({ length: frames * dims }, () => random.gaussian());
  return { frames, dims, values };
}

describe('AcousticModel', () => {
  const graph = encodeModel(
    exportGraph(architecture, initialParameters(architecture, new Random(3))),
  );
  let model: AcousticModel;

  beforeAll(async () => {
    model = await AcousticModel.load(graph, { dims, units });
  });

  it('gives one log-probability distribution a frame', async () => {
    const [emissions] = await model.run([randomMatrix(new Random(1), 20)]);
    expect(emissions).toMatchObject({ frames: 20, units });
    expect(emissions!.logProbs).toHaveLength(20 * units);
    for (let t = 0; t < 20; t++) {
      const probs = emissions!.logProbs.subarray(t * units, (t + 1) * units).map(Math.exp);
      expect(probs.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    }
  });

  it('gives a matrix the same emissions, bit for bit, alone and in any batch', async () => {
    const random = new Random(2);
    const matrices = [17, 1, 64, 30, 2].map((frames) => randomMatrix(random, frames));
    const alone = [];
    for (const matrix of matrices) alone.push(...(await model.run([matrix])));
    expect(await model.run(matrices)).toEqual(alone);
    expect(await model.run([...matrices].reverse())).toEqual([...alone].reverse());
    expect(new Set(alone.map(({ logProbs }) => logProbs[0])).size).toBe(matrices.length);
  });

  it('gives no frames for no frames, beside others and alone', async () => {
    const empty = { frames: 0, dims, values: new Float32Array(0) };
    const matrix = randomMatrix(new Random(4), 3);
    const [alone] = await model.run([matrix]);
    const nothing = { frames: 0, units, logProbs: new Float32Array(0) };
    expect(await model.run([empty])).toEqual([nothing]);
    expect(await model.run([empty, matrix, empty])).toEqual([nothing, alone, nothing]);
    expect(await model.run([])).toEqual([]);
  });

  it('refuses a matrix of another width, or with missing values', async () => {
    const narrow = { frames: 2, dims: dims - 1, values: new Float32Array(2 * (dims - 1)) };
    await expect(model.run([narrow])).rejects.toThrow(/\[AcousticModel\.run\] expected frames × 5/);
    const short = { frames: 2, dims, values: new Float32Array(dims) };
    await expect(model.run([short])).rejects.toThrow(/got 2 × 5 in 5 values/);
  });

  it('refuses a graph that does not fit the manifest, saying where', async () => {
    await expect(AcousticModel.load(graph, { dims, units: 9 })).rejects.toThrow(
      'expected output "log_probs" (float32, rank 3) with 9 columns, as model.json says; got 4',
    );
    await expect(AcousticModel.load(graph, { dims: 6, units })).rejects.toThrow(
      'expected input "features" (float32, rank 3) with 6 columns, as model.json says; got 5',
    );
  });

  it('refuses what is no ONNX graph, or one with other inputs and outputs', async () => {
    const noise = Uint8Array.from({ length: 99 }, (_, index) => index);
    await expect(AcousticModel.load(noise, { dims, units })).rejects.toThrow();
    const other = new GraphBuilder('other');
    const input = other.input('sound', 'float32', ['n', dims]);
    other.output('sound_again', input, ['n', dims]);
    await expect(AcousticModel.load(encodeModel(other.finish()), { dims, units })).rejects.toThrow(
      'expected input "features" (float32, rank 3), got "sound"',
    );
  });

  it('refuses features on which the graph overflows, and them alone', async () => {
    const squares = new GraphBuilder('squares');
    const features = squares.input('features', 'float32', ['n', 't', 2]);
    squares.input('lengths', 'int64', ['n']);
    const square = squares.multiply(features, features);
    squares.output('log_probs', squares.subtract(square, square), ['n', 't', 2]);
    const model = await AcousticModel.load(encodeModel(squares.finish()), { dims: 2, units: 2 });
    const values = Float32Array.of(1, 2, 3, 4);
    await expect(model.run([{ frames: 2, dims: 2, values }])).resolves.toHaveLength(1);
    values[3] = 1e30;
    await expect(model.run([{ frames: 2, dims: 2, values }])).rejects.toMatchObject({
      code: 'invalid_features',
      message: expect.stringMatching(/overflow it at frame 1$/),
    });
  });

  it('finds that matrices keep each other company without harm', async () => {
    expect(model.batches).toBe(false);
    const before = model.work;
    await model.tryBatch();
    expect(model.batches).toBe(true);
    expect(model.work).toEqual(before);
  });

  it('finds that a graph does not heed lengths, so that padding would change its answers', async () => {
    const sums = new GraphBuilder('sums');
    const features = sums.input('features', 'float32', ['n', 't', 2]);
    sums.input('lengths', 'int64', ['n']);
    // Each frame less the greatest of all frames, which is 0 at the least where there is padding.
    const greatest = sums.max(features, [1]);
    sums.output('log_probs', sums.subtract(features, greatest), ['n', 't', 2]);
    const heedless = await AcousticModel.load(encodeModel(sums.finish()), { dims: 2, units: 2 });
    await heedless.tryBatch();
    expect(heedless.batches).toBe(false);
  });

  it('runs matrices one by one where frames are run in parts, and counts each as a run', async () => {
    const inParts = await AcousticModel.load(graph, { dims, units }, 1000);
    await inParts.tryBatch();
    expect(inParts.batches).toBe(false);
    const random = new Random(6);
    await inParts.run([randomMatrix(random, 9), randomMatrix(random, 9)]);
    expect(inParts.work).toEqual({ executions: 2, inferences: 2 });
  });
});
