import type {
  Calibration,
  CalibrationCard,
  MeasuredConfidence,
} from '../../recognition/calibration-section.ts';
import { markdownTable, percent, shellBlock } from './markdown.ts';

/** What was measured of times and confidences. */
export function calibrationParts({ card }: Calibration): string[] {
  if (card === undefined) return [];
  return [
    '## Times and confidences',
    ...(card.times === undefined ? [] : timeParts(card.times)),
    ...confidenceParts(card),
    `Measured on ${card.date}; this does it anew:`,
    shellBlock([`npx ${card.command}`]),
  ];
}

function timeParts({ manifests, words, measured }: NonNullable<CalibrationCard['times']>) {
  const milliseconds = (seconds: number) => (1000 * seconds).toFixed(0);
  const columns = ['words', 'mean', 'median', '9 in 10', 'most'];
  const heading = ['set', 'of', ...columns];
  const rows = measured.flatMap(({ set, words: count, start, end }) =>
    [['starts', start] as const, ['ends', end] as const].map(([of, difference]) => [
      set,
      of,
      String(count),
      ...[difference.mean, difference.median, difference.ninetieth, difference.largest].map(
        milliseconds,
      ),
    ]),
  );
  return [
    'CTC marks a word in a frame or two, somewhere in its sound. How far the word reaches from there was' +
      ` learned, label by label, from the HMM’s alignment of ${words} words of training clips` +
      ` (${manifests.join(', ')}). How many milliseconds word times of CTC’s forced alignment then lie from` +
      ' those of the HMM’s, which is no ground truth either, on the dev sets:',
    markdownTable(heading, rows, new Set(columns)),
  ];
}

function confidenceParts({ confidence, plot }: CalibrationCard): string[] {
  const columns = ['recognised', 'right', 'as decoded', 'calibrated'];
  const rows = confidence.map((measured) => [
    measured.decoder,
    measured.of,
    measured.set,
    String(measured.count),
    String(measured.right),
    percent(measured.before, 1),
    percent(measured.after, 1),
  ]);
  return [
    'A confidence is the probability that a word, or a whole text, is right: what the decoder says of it is' +
      ' mapped by beta calibration (Kull et al. 2017; of texts by the seconds without a word too), fitted to' +
      ' all dev sets together, a recording as much as any other. Expected calibration errors (20 bins), as' +
      ' decoded and mapped, the latter for each half of the speakers by a map that saw the other half alone' +
      ` (for words: ${allOf(confidence, 'words')}; for texts: ${allOf(confidence, 'texts')}). In sets of speech without the model’s words nearly all that is` +
      ' recognised is wrong: their errors say how sure the decoder is of it, and how far it can be told apart.',
    markdownTable(['decoder', 'of', 'set', ...columns], rows, new Set(columns)),
    `![How often words and texts of each confidence are right](${plot})`,
  ];
}

/** The figures that sum it up, each decoder's. */
function allOf(confidence: readonly MeasuredConfidence[], what: MeasuredConfidence['of']): string {
  return confidence
    .filter(({ of, set }) => of === what && set === 'all')
    .map(({ decoder, after }) => `${decoder} ${percent(after, 1)}`)
    .join(', ');
}
