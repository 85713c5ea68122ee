import { describe, expect, it } from 'vitest';
import { erfc, normalCdf, normalTwoSidedP } from '../../src/evaluation/normal-distribution.ts';

function expectRelative(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(2e-13 * Math.abs(expected));
}

describe('erfc', () => {
  // Python's math.erfc (glibc), on both sides of where the series ends and the fraction begins.
  it.each([
    [0, 1],
    [1e-9, 0.9999999988716208],
    [0.1, 0.8875370839817152],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2, 0.004677734981047266],
    [2.2499, 0.0014634309793072596],
    [2.25, 0.0014627165866811518],
    [3, 2.209049699858544e-5],
    [5, 1.5374597944280347e-12],
    [10, 2.088487583762545e-45],
    [26, 5.663192408856143e-296],
    [-1, 1.842700792949715],
    [-3, 1.9999779095030015],
  ])('of %d is %d', (x, expected) => {
    expectRelative(erfc(x), expected);
  });

  it('ends at 0 and 2, and refuses what is no number', () => {
    expect([erfc(Infinity), erfc(-Infinity), erfc(40)]).toEqual([0, 2, 0]);
    expect(() => erfc(Number.NaN)).toThrow(RangeError);
  });
});

describe('the normal distribution', () => {
  // Abramowitz & Stegun, table 26.1.
  it.each([
    [0, 0.5],
    [0.5, 0.691462461274013],
    [1, 0.841344746068543],
    [1.5, 0.933192798731142],
    [2, 0.977249868051821],
    [3, 0.99865010196837],
    [4, 0.999968328758167],
  ])('has P(Z ≤ %d) = %d', (z, expected) => {
    expect(normalCdf(z)).toBeCloseTo(expected, 14);
    expect(normalCdf(-z)).toBeCloseTo(1 - expected, 14);
  });

  it('has the two-sided p that tables of significance give', () => {
    expect(normalTwoSidedP(1.959963984540054)).toBeCloseTo(0.05, 14);
    expect(normalTwoSidedP(-2.575829303548901)).toBeCloseTo(0.01, 14);
    expect(normalTwoSidedP(3.290526731491926)).toBeCloseTo(0.001, 14);
    expect(normalTwoSidedP(0)).toBe(1);
    expect(normalTwoSidedP(Infinity)).toBe(0);
  });
});
