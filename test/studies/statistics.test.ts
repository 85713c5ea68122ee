import { expect, it } from 'vitest';
import { lineChart } from '../../src/studies/chart.ts';
import { factorPerStep, powerOf, slope, spreadOf } from '../../src/studies/statistics.ts';

it('takes the middle of values in any order, and the mean of two middle ones', () => {
  expect(spreadOf([5, 1, 3])).toEqual({ median: 3, lowest: 1, highest: 5 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, lowest: 1, highest: 4 });
  expect(() => spreadOf([])).toThrow(RangeError);
});

it('finds slopes, exponents and factors of what has them exactly', () => {
  const xs = [1, 2, 4, 9];
  expect(slope(xs.map((x) => [x, 3 - 2 * x] as const))).toBeCloseTo(-2, 12);
  expect(powerOf(xs.map((x) => [x, 7 * x ** 3.5] as const))).toBeCloseTo(3.5, 12);
  expect(factorPerStep(xs.map((x) => [x, 5 * 0.8 ** x] as const))).toBeCloseTo(0.8, 12);
});

it('draws a panel under the other, one legend for lines of one name, and nothing twice alike', () => {
  const panel = (log: 2 | undefined) => ({
    title: 'a < b',
    x: { name: 'width', ...(log && { log }) },
    y: { name: 'time' },
    lines: [
      {
        name: 'RTRL',
        points: [
          [0, 1],
          [2, 3],
          [4, 9],
        ] as const,
      },
    ],
  });
  const svg = lineChart('Two panels', [panel(undefined), panel(2)]);
  expect(svg.startsWith('<svg')).toBe(true);
  expect(svg.match(/>a &lt; b</g)).toHaveLength(2);
  expect(svg.match(/>RTRL</g)).toHaveLength(1);
  expect(svg).not.toMatch(/NaN|Infinity/);
  expect(lineChart('Two panels', [panel(undefined), panel(2)])).toBe(svg);
});
