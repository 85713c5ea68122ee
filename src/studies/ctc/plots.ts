import { lineChart, type Panel } from '../chart.ts';
import type { CtcFindings } from './findings.ts';

/** Of the snapshots, how many are drawn: the first, the last and some between. */
const drawnSnapshots = 5;

export function ctcPlots({ example, snapshots }: CtcFindings): Record<string, string> {
  const symbols = example.alignments[0]!.occupancies.length / example.frames;
  const letter = (label: number) => (label === 0 ? 'blank' : String.fromCharCode(96 + label));
  const count = Math.min(drawnSnapshots, example.alignments.length);
  const drawn = Array.from(
    { length: count },
    (_, index) =>
      example.alignments[Math.round((index * (example.alignments.length - 1)) / (count - 1))]!,
  );
  const occupancyPanels = drawn.map(
    ({ step, loss, occupancies }): Panel => ({
      title: `step ${step}, loss ${loss.toFixed(2)} nats`,
      x: { name: 'frame' },
      y: { name: 'occupancy', min: 0, max: 1 },
      lines: [0, ...example.labels].map((label) => ({
        name: letter(label),
        colour: label === 0 ? 6 : example.labels.indexOf(label),
        dashed: label === 0,
        points: Array.from(
          { length: example.frames },
          (_, t) => [t, occupancies[t * symbols + label]!] as const,
        ),
      })),
    }),
  );
  const steps = { name: 'step + 1', log: 10 } as const;
  const measure = (name: string, of: (snapshot: (typeof snapshots)[number]) => number) => ({
    name,
    points: snapshots.map((snapshot) => [snapshot.step + 1, of(snapshot)] as const),
  });
  return {
    occupancies: lineChart(
      `Soft alignment of “${example.labels.map(letter).join('')}” through training`,
      occupancyPanels,
    ),
    shape: lineChart('From flat to spikes', [
      {
        x: steps,
        y: { name: 'frames', min: 0 },
        lines: [
          measure('spread of a label', ({ width }) => width.median),
          measure('frames spent in a label', ({ framesALabel }) => framesALabel.median),
        ],
      },
      {
        x: steps,
        y: { name: 'share', min: 0, max: 1 },
        lines: [
          measure('blank', ({ blankShare }) => blankShare.median),
          measure('highest occupancy of a label', ({ peak }) => peak.median),
          measure('texts right', ({ textsRight }) => textsRight.median),
        ],
      },
    ]),
  };
}
