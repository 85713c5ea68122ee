import { describe, expect, it } from 'vitest';
import { Random } from '../../src/math/random.ts';
import {
  cholesky,
  invertLowerTriangle,
  symmetricEigenvectors,
} from '../../src/math/symmetric-matrix.ts';

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) c[i * n + j]! += a[i * n + k]! * b[k * n + j]!;
  return c;
}

function transposed(a: Float64Array, n: number): Float64Array {
  return a.map((_, index) => a[(index % n) * n + Math.floor(index / n)]!);
}

function identity(n: number): Float64Array {
  return new Float64Array(n * n).map((_, index) => (index % (n + 1) === 0 ? 1 : 0));
}

function expectClose(actual: Float64Array, expected: Float64Array): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index]!, 9);
  });
}

/** B Bᵀ of a random B: symmetric and, but for a set of measure zero, positive definite. */
function randomPositive(n: number, random: Random): Float64Array {
  const b = Float64Array.from({ length: n * n }, () => random.gaussian());
  return product(b, transposed(b, n), n);
}

describe('symmetric matrices', () => {
  const sizes = [1, 2, 3, 7, 20];

  it.each(sizes)('cholesky gives a triangle whose square is the matrix of size %i', (n) => {
    const a = randomPositive(n, new Random(n));
    const lower = cholesky(a, n);
    expectClose(product(lower, transposed(lower, n), n), a);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(lower[i * n + j]).toBe(0);
  });

  it('cholesky refuses a matrix that is not positive definite', () => {
    expect(() => cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toThrow(RangeError);
  });

  it.each(sizes)('the inverse of a triangle of size %i times the triangle is one', (n) => {
    const lower = cholesky(randomPositive(n, new Random(n + 100)), n);
    expectClose(product(invertLowerTriangle(lower, n), lower, n), identity(n));
  });

  it.each(sizes)('eigenvectors of a matrix of size %i are orthonormal and diagonalise it', (n) => {
    const a = randomPositive(n, new Random(n + 200));
    const { values, vectors } = symmetricEigenvectors(a, n);
    expectClose(product(vectors, transposed(vectors, n), n), identity(n));
    const diagonal = product(product(vectors, a, n), transposed(vectors, n), n);
    const expected = identity(n).map((one, index) => one * values[index % n]!);
    expectClose(diagonal, expected);
    expect([...values]).toEqual([...values].sort((x, y) => y - x));
  });

  it('finds the eigenvectors of a matrix worked out by hand', () => {
    const { values, vectors } = symmetricEigenvectors(Float64Array.from([2, 1, 1, 2]), 2);
    expectClose(values, Float64Array.from([3, 1]));
    expectClose(vectors.subarray(0, 2).slice(), Float64Array.from([Math.SQRT1_2, Math.SQRT1_2]));
  });
});
