import type { Claim } from '../study.ts';
import type { CtcFindings } from './findings.ts';

export function ctcClaims({ paths, uniform, snapshots, example }: CtcFindings): Claim[] {
  const first = snapshots[0]!;
  const last = snapshots.at(-1)!;
  const wrong = paths.byFrames.reduce((sum, { formulaWrong }) => sum + formulaWrong, 0);
  const texts = paths.byFrames.reduce((sum, each) => sum + each.texts, 0);
  const lossOff = Math.max(...paths.byFrames.map((each) => each.lossOff));
  const pattern = example.segments.reduce((sum, { first, end }) => sum + end - first, 0);
  const patternFrames = pattern / example.segments.length;
  const startLoss = example.alignments[0]!.loss;
  return [
    {
      name: 'counted',
      statement: 'C(T + U − r, 2U) paths of T frames spell a text of U labels with r repeats.',
      holds: wrong === 0,
      measured: `${texts} texts counted by enumeration, ${wrong} differ`,
    },
    {
      name: 'loss-counts',
      statement: 'The loss that trains the models counts the same paths.',
      holds: lossOff < 1e-9,
      measured: `relative difference at most ${lossOff.toExponential(1)}`,
    },
    {
      name: 'starts-uniform',
      statement:
        'An untrained network begins as one that finds all labels equally likely (loss within a tenth).',
      holds: Math.abs(startLoss / uniform.loss - 1) < 0.1,
      measured: `loss of the example ${startLoss.toFixed(2)} nats; ${uniform.loss.toFixed(2)} by counting`,
    },
    {
      name: 'flat-to-spikes',
      statement:
        'Soft alignments go from flat to spikes: a label ends up in fewer frames than its pattern lasts.',
      holds: last.width.highest < first.width.lowest && last.framesALabel.highest < patternFrames,
      measured: `spread over ${first.width.median.toFixed(1)} frames before training, ${last.width.median.toFixed(1)} after; ${last.framesALabel.median.toFixed(1)} frames spent in a label whose pattern lasts ${patternFrames.toFixed(1)}`,
    },
    {
      name: 'mostly-blank',
      statement: 'A trained network gives most frames to the blank.',
      holds: last.blankShare.lowest > 0.5,
      measured: `${(100 * first.blankShare.median).toFixed(0)} % of the frames before training, ${(100 * last.blankShare.median).toFixed(0)} % after`,
    },
    {
      name: 'one-frame',
      statement: 'In the end a label is one frame and no more (1.5 at most).',
      holds: last.framesALabel.highest <= 1.5,
      measured: `${last.framesALabel.median.toFixed(2)} frames a label`,
    },
    {
      name: 'in-place',
      statement: 'A spike stands where its label’s pattern is, though nobody said where that is.',
      holds: last.inPlace.lowest > 0.95,
      measured: `${(100 * last.inPlace.median).toFixed(0)} % of the spikes; ${(100 * last.textsRight.median).toFixed(0)} % of the texts right`,
    },
  ];
}
