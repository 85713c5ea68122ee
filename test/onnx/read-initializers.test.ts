import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/onnx/encode.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { readInitializers } from '../../src/onnx/read-initializers.ts';

function model(): Uint8Array {
  const graph = new GraphBuilder('test');
  const weights = Float32Array.of(1, -2, 3.5, 0, 5, 1e-30);
  const input = graph.input('x', 'float32', ['n', 2]);
  const product = graph.matmul(input, graph.initializer('weights', 'float32', [2, 3], weights));
  // Integers are constants too, and no float32.
  const shaped = graph.reshape(product, [-1]);
  graph.output('y', shaped, ['m']);
  return encodeModel(graph.finish());
}

describe('reading the tensors out of an ONNX file', () => {
  it('gives back what the graph was built with', () => {
    const tensors = readInitializers(model());
    expect([...tensors.keys()]).toEqual(['weights']);
    expect(tensors.get('weights')).toEqual({
      shape: [2, 3],
      values: Float32Array.of(1, -2, 3.5, 0, 5, 1e-30),
    });
  });

  it('refuses a file that is cut, and one that is something else', () => {
    const bytes = model();
    expect(() => readInitializers(bytes.subarray(0, bytes.length - 9))).toThrow(
      '[readInitializers] expected the bytes of an ONNX model',
    );
    expect(() => readInitializers(Uint8Array.of(255, 255, 255))).toThrow('[readInitializers]');
    expect(() => readInitializers(new TextEncoder().encode('RIFF'))).toThrow('[readInitializers]');
  });
});
