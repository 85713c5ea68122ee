import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/onnx/encode.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';

type Numbers = { readonly shape: readonly number[]; readonly values: readonly number[] };

const float32Tensor = ({ shape, values }: Numbers) =>
  new Tensor('float32', Float32Array.from(values), shape);

/** Runs a graph by ONNX Runtime itself. */
async function run(
  graph: GraphBuilder,
  feeds: Readonly<Record<string, Numbers | readonly bigint[]>>,
): Promise<Record<string, { shape: readonly number[]; values: number[] }>> {
  const session = await InferenceSession.create(encodeModel(graph.finish()));
  const tensors = Object.entries(feeds).map(([name, feed]) => [
    name,
    Array.isArray(feed)
      ? new Tensor('int64', BigInt64Array.from(feed as readonly bigint[]), [feed.length])
      : float32Tensor(feed as Numbers),
  ]);
  const results = await session.run(Object.fromEntries(tensors));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [
      name,
      { shape: tensor.dims, values: Array.from(tensor.data as Float32Array, Number) },
    ]),
  );
}

const matrix = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };

describe('a built graph', () => {
  it('multiplies matrices, transposed or not, and adds to the product', async () => {
    const graph = new GraphBuilder('products');
    const a = graph.input('a', 'float32', [2, 3]);
    const bias = graph.constant('float32', [2], [100, 200]);
    graph.output('gemm', graph.gemm(a, a, { transposeB: true, c: bias }));
    graph.output('matmul', graph.matmul(graph.transpose(a, [1, 0]), a));
    const { gemm, matmul } = await run(graph, { a: matrix });
    expect(gemm).toEqual({ shape: [2, 2], values: [114, 232, 132, 277] });
    expect(matmul).toEqual({ shape: [3, 3], values: [17, 22, 27, 22, 29, 36, 27, 36, 45] });
  });

  it('cuts, joins and reshapes along the axes that were named', async () => {
    const graph = new GraphBuilder('shapes');
    const a = graph.input('a', 'float32', [2, 3]);
    const [left, right] = graph.split(a, [1, 2], 1);
    graph.output('swapped', graph.concat([right!, left!], 1));
    graph.output('row', graph.slice(a, 0, 1, 2));
    graph.output('column', graph.squeeze(graph.unsqueeze(left!, [0]), [0, 2]));
    graph.output('flat', graph.flatten(graph.reshape(a, [3, 1, 2]), 2));
    graph.output('sum', graph.sum(a, [0]));
    const results = await run(graph, { a: matrix });
    expect(results['swapped']).toEqual({ shape: [2, 3], values: [2, 3, 1, 5, 6, 4] });
    expect(results['row']).toEqual({ shape: [1, 3], values: [4, 5, 6] });
    expect(results['column']).toEqual({ shape: [2], values: [1, 4] });
    expect(results['flat']).toEqual({ shape: [3, 2], values: [1, 2, 3, 4, 5, 6] });
    expect(results['sum']).toEqual({ shape: [3], values: [5, 7, 9] });
  });

  it('reverses each sequence inside its own length', async () => {
    const graph = new GraphBuilder('reverse');
    const a = graph.input('a', 'float32', [3, 2, 1]);
    const lengths = graph.input('lengths', 'int64', [2]);
    graph.output('reversed', graph.reverseSequence(a, lengths));
    const sequences = { shape: [3, 2, 1], values: [1, 10, 2, 20, 3, 30] };
    const { reversed } = await run(graph, { a: sequences, lengths: [3n, 2n] });
    expect(reversed!.values).toEqual([3, 20, 2, 10, 1, 30]);
  });

  it.each([
    ['forward', false, [1, 3, 6, 10]],
    ['backward', true, [10, 9, 7, 4]],
  ] as const)('scans a sequence %s, handing on its state', async (_, reverse, sums) => {
    const graph = new GraphBuilder('scan');
    const sequence = graph.input('sequence', 'float32', ['frames', 1]);
    const factor = graph.constant('float32', [1], [1]);
    const start = graph.constant('float32', [1], [0]);
    const { states, outputs } = graph.scan(
      {
        states: [{ value: start, shape: [1] }],
        sequences: [{ value: sequence, shape: [1] }],
        reverse,
      },
      (step, [sum], [slice]) => {
        const next = step.add(sum!, step.multiply(slice!, factor));
        return { states: [next], outputs: [next] };
      },
    );
    graph.output('last', states[0]!);
    graph.output('all', outputs[0]!);
    const results = await run(graph, { sequence: { shape: [4, 1], values: [1, 2, 3, 4] } });
    expect(results['last']!.values).toEqual([10]);
    expect(results['all']!.values).toEqual([...sums]);
  });

  it('gives one value under two names, and an input as an output', async () => {
    const graph = new GraphBuilder('names');
    const a = graph.input('a', 'float32', [1]);
    const doubled = graph.add(a, a);
    graph.output('doubled', doubled);
    graph.output('again', doubled);
    graph.output('unchanged', a);
    graph.output('quadrupled', graph.add(doubled, doubled));
    const results = await run(graph, { a: { shape: [1], values: [3] } });
    expect(
      Object.fromEntries(Object.entries(results).map(([name, { values }]) => [name, values[0]])),
    ).toEqual({ doubled: 6, again: 6, unchanged: 3, quadrupled: 12 });
  });

  it('is refused by ONNX Runtime, not misread, when shapes do not fit', async () => {
    const graph = new GraphBuilder('misfit');
    const a = graph.input('a', 'float32', [2, 3]);
    graph.output('product', graph.matmul(a, a));
    await expect(InferenceSession.create(encodeModel(graph.finish()))).rejects.toThrow(
      /dimension/i,
    );
  });
});
