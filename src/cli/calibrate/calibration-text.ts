import type { CalibrationCard } from '../../recognition/calibration-section.ts';
import { percent } from '../percent.ts';
import { alignColumns } from '../table.ts';

/** What was measured, for people. */
export function calibrationText({ times, confidence }: CalibrationCard): string {
  return [...(times === undefined ? [] : [timesText(times), '']), confidenceText(confidence)].join(
    '\n',
  );
}

function timesText({ words, measured }: NonNullable<CalibrationCard['times']>): string {
  const milliseconds = (seconds: number) => (1000 * seconds).toFixed(0);
  const table = alignColumns([
    ['times by CTC against the HMM, ms', 'words', 'start', '9 in 10', 'end', '9 in 10'],
    ...measured.map(({ set, words: count, start, end }) => [
      set,
      String(count),
      milliseconds(start.mean),
      milliseconds(start.ninetieth),
      milliseconds(end.mean),
      milliseconds(end.ninetieth),
    ]),
  ]);
  return [...table, `learned from ${words} words`].join('\n');
}

function confidenceText(measured: CalibrationCard['confidence']): string {
  return alignColumns(
    [
      ['decoder', 'of', 'set', 'count', 'right', 'error before', 'calibrated'],
      ...measured.map(({ decoder, of, set, count, right, before, after }) => [
        decoder,
        of,
        set,
        String(count),
        String(right),
        percent(before),
        percent(after),
      ]),
    ],
    '  ',
    new Set([0, 1, 2]),
  ).join('\n');
}
