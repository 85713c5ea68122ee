/** Square matrices are n × n, row-major: `[i * n + j]`. */

/**
 * The lower triangle L with A = L Lᵀ of a symmetric, positive definite A (Golub & Van Loan, "Matrix
 * Computations", algorithm 4.2.1); zeros above.
 * @throws RangeError when A is not positive definite
 */
export function cholesky(a: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (i !== j) {
        lower[i * n + j] = sum / lower[j * n + j]!;
      } else if (sum > 0) {
        lower[i * n + i] = Math.sqrt(sum);
      } else {
        throw new RangeError(
          `[cholesky] expected a positive definite matrix, got ${sum} left at row ${i}`,
        );
      }
    }
  }
  return lower;
}

/** The inverse of a lower triangle without zeros on its diagonal; a lower triangle too. */
export function invertLowerTriangle(lower: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverse[j * n + j] = 1 / lower[j * n + j]!;
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= lower[i * n + k]! * inverse[k * n + j]!;
      inverse[i * n + j] = sum / lower[i * n + i]!;
    }
  }
  return inverse;
}

export type Eigenvectors = {
  /** n, largest first */
  readonly values: Float64Array;
  /** n × n; row i is the unit vector of `values[i]` */
  readonly vectors: Float64Array;
};

const sweeps = 100;

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub & Van
 * Loan, algorithm 8.5.3). Each vector's largest component is positive, so that the answer is the one.
 */
export function symmetricEigenvectors(symmetric: Float64Array, n: number): Eigenvectors {
  const a = symmetric.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const scale = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p * n + q]! ** 2;
    if (off <= 1e-28 * scale) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => a[j * n + j]! - a[i * n + i]! || i - j,
  );
  const values = Float64Array.from(order, (i) => a[i * n + i]!);
  const vectors = new Float64Array(n * n);
  order.forEach((column, row) => {
    let largest = 0;
    for (let k = 0; k < n; k++) {
      const value = v[k * n + column]!;
      if (Math.abs(value) > Math.abs(largest) + 1e-12) largest = value;
    }
    const sign = largest < 0 ? -1 : 1;
    for (let k = 0; k < n; k++) vectors[row * n + k] = sign * v[k * n + column]!;
  });
  return { values, vectors };
}

/** Turns rows and columns p and q so that a[p, q] becomes zero; v collects the rotations in its columns. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const akp = a[k * n + p]!;
    const akq = a[k * n + q]!;
    a[k * n + p] = c * akp - s * akq;
    a[k * n + q] = s * akp + c * akq;
  }
  for (let k = 0; k < n; k++) {
    const apk = a[p * n + k]!;
    const aqk = a[q * n + k]!;
    a[p * n + k] = c * apk - s * aqk;
    a[q * n + k] = s * apk + c * aqk;
    const vkp = v[k * n + p]!;
    const vkq = v[k * n + q]!;
    v[k * n + p] = c * vkp - s * vkq;
    v[k * n + q] = s * vkp + c * vkq;
  }
}
