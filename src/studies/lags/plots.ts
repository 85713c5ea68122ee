import { lineChart } from '../chart.ts';
import type { LagsFindings } from './findings.ts';

export function lagsPlots({ learners, seeds, steps }: LagsFindings): Record<string, string> {
  const lag = { name: 'lag (frames)', log: 2 } as const;
  return {
    lags: lineChart(`Recall after a delay: the best rate, ${seeds} seeds, at most ${steps} steps`, [
      {
        x: lag,
        y: { name: 'share of seeds that learned', min: 0, max: 1 },
        lines: learners.map(({ name, best }) => ({
          name,
          points: best.byLag.flatMap((each) =>
            each.successes === null ? [] : [[each.lag, each.successes / seeds] as const],
          ),
        })),
      },
      {
        x: lag,
        y: { name: 'steps until learned (median)', log: 10 },
        lines: learners.map(({ name, best }) => ({
          name,
          points: best.byLag.flatMap((each) =>
            each.medianSteps === null ? [] : [[each.lag, each.medianSteps] as const],
          ),
        })),
      },
    ]),
  };
}
