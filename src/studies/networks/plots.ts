import { lineChart, type Panel } from '../chart.ts';
import type { CurvePoint, NetworksFindings } from './findings.ts';

export function networksPlots({
  kinds,
  seeds,
  parameters,
}: NetworksFindings): Record<string, string> {
  const panel = (y: Panel['y'], of: (point: CurvePoint) => number | undefined): Panel => ({
    x: { name: 'steps' },
    y,
    lines: kinds.map(({ name, best }) => ({
      name,
      points: best.curve.flatMap((point) => {
        const value = of(point);
        return value === undefined ? [] : [[point.step, value] as const];
      }),
    })),
  });
  return {
    curves: lineChart(
      `Strings of digits, ${parameters} parameters each: medians of ${seeds} seeds`,
      [
        panel({ name: 'label error rate', min: 0, max: 1 }, ({ error, loss }) =>
          // Before the first step outputs are noise, of more labels than were said.
          loss === null ? undefined : error.median,
        ),
        panel({ name: 'loss (nats a string)', log: 10 }, ({ loss }) => loss?.median),
      ],
    ),
  };
}
