import type { GaussianMixtures } from '../../hmm/emissions/gaussian-mixtures.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Graph, Value } from '../../onnx/types.ts';
import type { FrameTransform } from './transform.ts';

/** ln weight of a component that is only there to give every state as many: e to it is zero. */
const absent = -1e30;

/**
 * The graph of hmm.onnx: `features [N, T, D]`, `lengths [N]` → `log_probs [N, T, S]`, ln b_s(x) of every
 * frame under every state's mixture. With the squares spread out,
 * ln w N(x; μ, σ²) = Σ_d (μ_d / σ_d²) x_d − Σ_d x_d² / 2σ_d² + c, a mixture is two matrix products and a
 * log-sum-exp. What stands behind a sequence's end is zero, as the transform wants it, so that `lengths`,
 * which acoustic models have, is not read.
 */
export function hmmGraph(mixtures: GaussianMixtures, transform?: FrameTransform): Graph {
  const { states, dims, componentStart } = mixtures;
  const counts = Array.from(
    { length: states },
    (_, s) => componentStart[s + 1]! - componentStart[s]!,
  );
  const most = Math.max(...counts);
  const columns = states * most;
  // dims × columns, `[d * columns + s * most + m]`
  const linear = new Float32Array(dims * columns);
  const quadratic = new Float32Array(dims * columns);
  const constants = new Float32Array(columns).fill(absent);
  for (let s = 0; s < states; s++) {
    for (let m = 0; m < counts[s]!; m++) {
      const component = componentStart[s]! + m;
      const column = s * most + m;
      let constant = mixtures.logWeights[component]! - 0.5 * dims * Math.log(2 * Math.PI);
      for (let d = 0; d < dims; d++) {
        const mean = mixtures.means[component * dims + d]!;
        const variance = mixtures.variances[component * dims + d]!;
        linear[d * columns + column] = mean / variance;
        quadratic[d * columns + column] = -0.5 / variance;
        constant -= 0.5 * (Math.log(variance) + (mean * mean) / variance);
      }
      constants[column] = Math.max(absent, constant);
    }
  }

  const b = new GraphBuilder('hmm');
  const input = b.input('features', 'float32', ['N', 'T', transform?.inputDims ?? dims]);
  b.input('lengths', 'int64', ['N']);
  const features = transform === undefined ? input : transformed(b, input, transform);
  const weights = (name: string, values: Float32Array) =>
    b.initializer(name, 'float32', [dims, columns], values);
  const scores = b.add(
    b.add(
      b.matmul(features, weights('linear', linear)),
      b.matmul(b.multiply(features, features), weights('quadratic', quadratic)),
    ),
    b.initializer('constants', 'float32', [columns], constants),
  );
  if (most === 1) {
    b.output('log_probs', scores, ['N', 'T', states]);
    return b.finish();
  }
  const components = b.reshape(scores, [0, 0, states, most]);
  const largest = b.max(components, [3]);
  const sum = b.sum(b.exp(b.subtract(components, largest)), [3]);
  b.output('log_probs', b.add(b.squeeze(largest, [3]), b.log(sum)), ['N', 'T', states]);
  return b.finish();
}

/** Each frame with its neighbours through the transform's matrix: a convolution over time. */
function transformed(
  b: GraphBuilder,
  features: Value<'float32'>,
  { context, inputDims, outputDims, matrix }: FrameTransform,
): Value<'float32'> {
  const width = 2 * context + 1;
  // ONNX wants outputs × inputs × width; the transform is outputs × width × inputs.
  const weights = Float32Array.from(matrix, (_, index) => {
    const c = index % width;
    const d = Math.floor(index / width) % inputDims;
    const o = Math.floor(index / (width * inputDims));
    return matrix[(o * width + c) * inputDims + d]!;
  });
  const kernel = b.initializer('transform', 'float32', [outputDims, inputDims, width], weights);
  return b.transpose(b.convolve(b.transpose(features, [0, 2, 1]), kernel, context), [0, 2, 1]);
}
