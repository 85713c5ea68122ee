import type { Random } from '../../math/random.ts';
import { symmetricEigenvectors } from '../../math/symmetric-matrix.ts';
import type { SquareMatrix } from './state-jacobian.ts';

const squarings = 40;

/**
 * The largest absolute value of an eigenvalue, by Gelfand's formula ρ(A) = lim ‖Aᵐ‖^(1/m) at m = 2⁴⁰, the
 * power taken by squaring and its size kept apart as a logarithm. What is left of the norm's choice is the
 * 2⁻⁴⁰-th power of a condition number.
 */
export function spectralRadius({ n, values }: SquareMatrix): number {
  let power = values;
  let logSize = 0;
  for (let squaring = 0; squaring < squarings; squaring++) {
    const norm = euclideanNorm(power);
    if (norm === 0) return 0;
    power = product(power, power, n).map((value) => value / (norm * norm));
    logSize = 2 * (logSize + Math.log(norm));
  }
  const norm = euclideanNorm(power);
  return norm === 0 ? 0 : Math.exp((logSize + Math.log(norm)) / 2 ** squarings);
}

/** The largest singular value: the most that the matrix lengthens any vector. */
export function largestSingularValue({ n, values }: SquareMatrix): number {
  const transposed = values.map((_, index) => values[(index % n) * n + Math.floor(index / n)]!);
  return Math.sqrt(symmetricEigenvectors(product(transposed, values, n), n).values[0]!);
}

/** A random orthogonal matrix: Gaussian rows, made orthonormal one after another (Gram-Schmidt, twice). */
export function orthogonalMatrix(n: number, random: Random): SquareMatrix {
  const values = Float64Array.from({ length: n * n }, () => random.gaussian());
  for (let i = 0; i < n; i++) {
    const row = values.subarray(i * n, (i + 1) * n);
    for (let pass = 0; pass < 2; pass++) {
      for (let earlier = 0; earlier < i; earlier++) {
        const other = values.subarray(earlier * n, (earlier + 1) * n);
        const along = row.reduce((sum, value, k) => sum + value * other[k]!, 0);
        for (let k = 0; k < n; k++) row[k]! -= along * other[k]!;
      }
    }
    const norm = euclideanNorm(row);
    for (let k = 0; k < n; k++) row[k]! /= norm;
  }
  return { n, values };
}

export function euclideanNorm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k]!;
      for (let j = 0; j < n; j++) c[i * n + j]! += factor * b[k * n + j]!;
    }
  }
  return c;
}
