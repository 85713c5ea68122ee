import { type Line, lineChart, type Panel } from '../chart.ts';
import type { CostRow, RtrlFindings } from './findings.ts';
import { methodLabels, methodNames } from './methods.ts';

export function rtrlPlots(findings: RtrlFindings): Record<string, string> {
  const { byLength, byWidth, exactness, echo } = findings;
  const cost = <Row extends CostRow>(
    rows: readonly Row[],
    x: (row: Row) => number,
    y: (row: Row, method: keyof CostRow) => number,
  ): Line[] =>
    methodNames.map((method, colour) => ({
      name: methodLabels[method],
      colour,
      points: rows.map((row) => [x(row), y(row, method)] as const),
    }));
  const frames = { name: 'frames of the sequence', log: 2 } as const;
  const numbers = { name: 'numbers kept', log: 10 } as const;
  const width = { name: 'hidden units H', log: 2 } as const;
  const microseconds = { name: 'µs a frame', log: 10 } as const;
  const timePanels = byWidth.map(
    ({ cell, rows }): Panel => ({
      title: cell.toUpperCase(),
      x: width,
      y: microseconds,
      lines: [
        ...cost(
          rows,
          (row) => row.hidden,
          (row, method) => 1e6 * row[method].secondsPerFrame.median,
        ),
        {
          name: '∝ H⁴',
          dashed: true,
          colour: 6,
          points: rows.map(({ hidden }) => {
            const last = rows.at(-1)!;
            const scale = (1e6 * last.rtrl.secondsPerFrame.median) / last.hidden ** 4;
            return [hidden, scale * hidden ** 4] as const;
          }),
        },
      ],
    }),
  );
  return {
    memory: lineChart('What a method holds from frame to frame', [
      {
        title: `RNN, H = ${byLength.hidden}`,
        x: frames,
        y: numbers,
        lines: cost(
          byLength.rows,
          (row) => row.frames,
          (row, method) => row[method].memory.numbers,
        ),
      },
      ...byWidth.map(({ cell, frames: length, rows }) => ({
        title: `${cell.toUpperCase()}, ${length} frames`,
        x: width,
        y: numbers,
        lines: cost(
          rows,
          (row) => row.hidden,
          (row, method) => row[method].memory.numbers,
        ),
      })),
    ]),
    time: lineChart('Time a frame', [
      {
        title: `RNN, H = ${byLength.hidden}`,
        x: frames,
        y: microseconds,
        lines: cost(
          byLength.rows,
          (row) => row.frames,
          (row, method) => 1e6 * row[method].secondsPerFrame.median,
        ),
      },
      ...timePanels,
    ]),
    exactness: lineChart('How near to the full gradient', [
      {
        title: 'truncated BPTT(k; k/2)',
        x: { name: 'k', log: 2 } as const,
        y: { name: 'cosine with the full gradient' },
        lines: exactness.map(({ cell, truncated }) => ({
          name: cell.toUpperCase(),
          points: truncated.map(({ depth, cosine }) => [depth, cosine.median] as const),
        })),
      },
      {
        title: 'RTRL with an update after each frame',
        x: { name: 'learning rate', log: 10 } as const,
        y: { name: 'relative distance', log: 10 } as const,
        lines: exactness.map(({ cell, online }) => ({
          name: cell.toUpperCase(),
          points: online.map(({ rate, difference }) => [rate, difference.median] as const),
        })),
      },
    ]),
    echo: lineChart(`Echoing a stream of bits ${echo.delay} frames later`, [
      {
        x: { name: 'frames seen' },
        y: { name: 'nats a frame', min: 0 },
        lines: [
          ...echo.learners.map(({ name, curve }) => ({ name, points: curve })),
          {
            name: 'guessing',
            dashed: true,
            colour: 6,
            points: [
              [0, Math.LN2],
              [echo.frames, Math.LN2],
            ],
          },
        ],
      },
    ]),
  };
}
