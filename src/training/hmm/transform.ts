import type { FeatureMatrix } from '../../features/feature-matrix.ts';
import {
  cholesky,
  invertLowerTriangle,
  symmetricEigenvectors,
} from '../../math/symmetric-matrix.ts';

/**
 * A linear map of each frame together with its neighbours, as one convolution over time: what lies
 * before the first and behind the last frame is zero, the mean of normalised features.
 */
export type FrameTransform = {
  /** Frames on either side. */
  readonly context: number;
  readonly inputDims: number;
  readonly outputDims: number;
  /** outputDims × (2 context + 1) × inputDims; `[(o * (2 context + 1) + c) * inputDims + d]` */
  readonly matrix: Float64Array;
};

/** The frames with their neighbours: frames × ((2 context + 1) · dims). */
export function spliced(features: FeatureMatrix, context: number): FeatureMatrix {
  const { frames, dims, values } = features;
  const width = (2 * context + 1) * dims;
  const output = new Float32Array(frames * width);
  for (let t = 0; t < frames; t++) {
    const first = Math.max(0, t - context);
    const last = Math.min(frames - 1, t + context);
    const start = t * width + (first - t + context) * dims;
    output.set(values.subarray(first * dims, (last + 1) * dims), start);
  }
  return { frames, dims: width, values: output };
}

export function applyTransform(features: FeatureMatrix, transform: FrameTransform): FeatureMatrix {
  const { context, inputDims, outputDims, matrix } = transform;
  const { frames, dims, values } = features;
  if (dims !== inputDims)
    throw new RangeError(
      `[applyTransform] expected frames × ${inputDims}, got ${frames} × ${dims}`,
    );
  const width = (2 * context + 1) * dims;
  const output = new Float32Array(frames * outputDims);
  for (let t = 0; t < frames; t++) {
    const first = Math.max(0, t - context) * dims;
    const end = Math.min(frames, t + context + 1) * dims;
    const offset = (context - t) * dims; // from a place in `values` to its place in a row of the matrix
    for (let o = 0; o < outputDims; o++) {
      const row = o * width + offset;
      let sum = 0;
      for (let index = first; index < end; index++) sum += matrix[row + index]! * values[index]!;
      output[t * outputDims + o] = sum;
    }
  }
  return { frames, dims: outputDims, values: output };
}

/** What discriminant analysis must know of spliced frames and the classes that they belong to. */
export class ClassStatistics {
  readonly dims: number;
  readonly classes: number;
  /** classes; frames of each */
  readonly counts: Float64Array;
  /** classes × dims; sums of the frames of each */
  readonly sums: Float64Array;
  /** dims × dims; Σ x xᵀ over all frames, its lower triangle */
  readonly products: Float64Array;

  constructor(classes: number, dims: number) {
    this.dims = dims;
    this.classes = classes;
    this.counts = new Float64Array(classes);
    this.sums = new Float64Array(classes * dims);
    this.products = new Float64Array(dims * dims);
  }

  /** @param frame `values[from]` on, `dims` of them */
  add(values: Float32Array, from: number, index: number): void {
    const { dims, sums, products } = this;
    this.counts[index]!++;
    for (let i = 0; i < dims; i++) {
      const value = values[from + i]!;
      sums[index * dims + i]! += value;
      for (let j = 0, place = i * dims; j <= i; j++, place++) {
        products[place]! += value * values[from + j]!;
      }
    }
  }

  merge(other: Pick<ClassStatistics, 'counts' | 'sums' | 'products'>): void {
    for (const name of ['counts', 'sums', 'products'] as const) {
      const target = this[name];
      const source = other[name];
      for (let index = 0; index < target.length; index++) target[index]! += source[index]!;
    }
  }
}

/**
 * The directions along which classes lie furthest apart against their spread: eigenvectors of W⁻¹ B, W
 * the covariance within classes and B the one between their means, scaled so that W becomes one (Fukunaga
 * 1990, "Introduction to Statistical Pattern Recognition", section 10.2).
 * @returns outputDims × dims
 * @throws RangeError when the frames do not span their space
 */
export function discriminants(statistics: ClassStatistics, outputDims: number): Float64Array {
  const { dims: n, classes, counts, sums, products } = statistics;
  const frames = counts.reduce((sum, count) => sum + count, 0);
  const mean = new Float64Array(n);
  for (let c = 0; c < classes; c++)
    for (let i = 0; i < n; i++) mean[i]! += sums[c * n + i]! / frames;
  const within = new Float64Array(n * n);
  const between = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let ofMeans = 0;
      for (let c = 0; c < classes; c++) {
        if (counts[c]! > 0) ofMeans += (sums[c * n + i]! * sums[c * n + j]!) / counts[c]!;
      }
      within[i * n + j] = within[j * n + i] = (products[i * n + j]! - ofMeans) / frames;
      between[i * n + j] = between[j * n + i] = ofMeans / frames - mean[i]! * mean[j]!;
    }
  }
  // With W = L Lᵀ, u an eigenvector of L⁻¹ B L⁻ᵀ gives the direction L⁻ᵀ u.
  const whitening = invertLowerTriangle(cholesky(within, n), n);
  const whitened = congruent(whitening, between, n);
  const { vectors } = symmetricEigenvectors(whitened, n);
  const matrix = new Float64Array(outputDims * n);
  for (let o = 0; o < outputDims; o++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = j; k < n; k++) sum += vectors[o * n + k]! * whitening[k * n + j]!;
      matrix[o * n + j] = sum;
    }
  }
  return matrix;
}

/** L A Lᵀ of a lower triangle L and a symmetric A. */
function congruent(lower: Float64Array, a: Float64Array, n: number): Float64Array {
  const half = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k <= i; k++) {
      const factor = lower[i * n + k]!;
      for (let j = 0; j < n; j++) half[i * n + j]! += factor * a[k * n + j]!;
    }
  const full = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += half[i * n + k]! * lower[j * n + k]!;
      full[i * n + j] = full[j * n + i] = sum;
    }
  return full;
}
