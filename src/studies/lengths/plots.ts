import { lineChart } from '../chart.ts';
import type { LengthsFindings } from './findings.ts';

export function lengthsPlots({ rows }: LengthsFindings): Record<string, string> {
  return {
    curves: lineChart('Label error rate of dev strings while it is learned, one seed', [
      {
        x: { name: 'seconds of processor time' },
        y: { name: 'label error rate', min: 0, max: 1 },
        lines: rows.map(({ name, curve }) => ({
          name,
          // Before the first step a network's outputs are noise, of more labels than were said.
          points: curve
            .filter(({ error }) => error <= 1)
            .map((at) => [at.seconds, at.error] as const),
        })),
      },
    ]),
  };
}
