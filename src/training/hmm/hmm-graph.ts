import type { GaussianMixtures } from '../../hmm/emissions/gaussian-mixtures.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Graph, Value } from '../../onnx/types.ts';
import type { FrameTransform } from './transform.ts';

/** ln weight of a component that is only there to give every state as many: e to it is zero. */
const absent = -1e30;

/**
 * The graph of hmm.onnx: `features [N, T, D]`, `lengths [N]` → `log_probs [N, T, S]`, ln b_s(x) of every
 * frame under every state's mixture. With the squares spread out,
 * ln w N(x; μ, σ²) = Σ_d (μ_d / σ_d²) x_d − Σ_d x_d² / 2σ_d² + c, a mixture is one product of the numbers and
 * their squares with a matrix, and a log-sum-exp. What stands behind a sequence's end is zero, as the transform wants it, so that `lengths`,
 * which acoustic models have, is not read.
 */
export function hmmGraph(mixtures: GaussianMixtures, transform?: FrameTransform): Graph {
  const { states, dims } = mixtures;
  const runs = runsOf(mixtures);
  const columns = runs.reduce((sum, { count, components }) => sum + count * components, 0);
  const { weights, constants } = expanded(mixtures, runs, columns);

  const b = new GraphBuilder('hmm');
  const input = b.input('features', 'float32', ['N', 'T', transform?.inputDims ?? dims]);
  b.input('lengths', 'int64', ['N']);
  const features = transform === undefined ? input : transformed(b, input, transform);
  const scores = b.add(
    b.matmul(
      b.concat([features, b.multiply(features, features)], 2),
      b.initializer('weights', 'float32', [2 * dims, columns], weights),
    ),
    b.initializer('constants', 'float32', [columns], constants),
  );
  const sizes = runs.map(({ count, components }) => count * components);
  const parts = sizes.length === 1 ? [scores] : b.split(scores, sizes, 2);
  const sums = runs.map((run, index) => summed(b, parts[index]!, run));
  b.output('log_probs', sums.length === 1 ? sums[0]! : b.concat(sums, 2), ['N', 'T', states]);
  return b.finish();
}

/** States in a row that are given the same number of components. */
type Run = { readonly first: number; readonly count: number; readonly components: number };

/**
 * Components are rounded up to one, to half of the most that a state has, or to the most: few, long runs cost
 * less than the columns that are only there to fill them.
 */
function runsOf({ states, componentStart }: GaussianMixtures): Run[] {
  const own = Array.from({ length: states }, (_, s) => componentStart[s + 1]! - componentStart[s]!);
  const half = Math.ceil(Math.max(...own) / 2);
  const runs: Run[] = [];
  own.forEach((count, s) => {
    const components = count === 1 ? 1 : Math.ceil(count / half) * half;
    const last = runs.at(-1);
    if (last?.components === components) runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ first: s, count: 1, components });
  });
  return runs;
}

/**
 * What a column takes of the numbers and of their squares, `[d * columns + column]` and
 * `[(dims + d) * columns + column]`, and its constant; a run's states one after the other.
 */
function expanded(
  { dims, componentStart, logWeights, means, variances }: GaussianMixtures,
  runs: readonly Run[],
  columns: number,
) {
  const weights = new Float32Array(2 * dims * columns);
  const constants = new Float32Array(columns).fill(absent);
  let start = 0;
  for (const { first, count, components } of runs) {
    for (let s = first; s < first + count; s++) {
      for (let m = componentStart[s]!; m < componentStart[s + 1]!; m++) {
        const column = start + (m - componentStart[s]!) * count + s - first;
        let constant = logWeights[m]! - 0.5 * dims * Math.log(2 * Math.PI);
        for (let d = 0; d < dims; d++) {
          const mean = means[m * dims + d]!;
          const variance = variances[m * dims + d]!;
          weights[d * columns + column] = mean / variance;
          weights[(dims + d) * columns + column] = -0.5 / variance;
          constant -= 0.5 * (Math.log(variance) + (mean * mean) / variance);
        }
        constants[column] = Math.max(absent, constant);
      }
    }
    start += count * components;
  }
  return { weights, constants };
}

/** ln Σ e^score over the components of each state of a run: N × T × count. */
function summed(
  b: GraphBuilder,
  scores: Value<'float32'>,
  { count, components }: Run,
): Value<'float32'> {
  if (components === 1) return scores;
  const apart = b.reshape(scores, [0, 0, components, count]);
  const largest = b.max(apart, [2]);
  const sum = b.sum(b.exp(b.subtract(apart, largest)), [2]);
  return b.add(b.squeeze(largest, [2]), b.log(sum));
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
