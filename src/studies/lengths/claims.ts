import { percentOf } from '../statistics.ts';
import type { Claim } from '../study.ts';
import type { LengthsFindings, RowKey } from './findings.ts';

export function lengthsClaims({ rows, frameError }: LengthsFindings): Claim[] {
  const of = (key: RowKey) => rows.find((row) => row.key === key)!;
  const error = (key: RowKey) => of(key).error;
  const compare = (...keys: RowKey[]) =>
    keys
      .map((key) => {
        const { median, lowest, highest } = error(key);
        // One run of the HMM stands for all seeds.
        const range = key === 'hmm' ? 'one run' : `${percentOf(lowest)} – ${percentOf(highest)}`;
        return `${of(key).name} ${percentOf(median)} (${range})`;
      })
      .join('; ');
  /** Every seed of one with fewer errors than any of the other. */
  const beats = (one: RowKey, other: RowKey) => error(one).highest < error(other).lowest;
  const seconds = (key: RowKey) => of(key).seconds.median;
  return [
    {
      name: 'frames-are-no-labels',
      statement:
        'Labels of frames are not yet a sequence of labels: read off as they are, they have more errors than CTC’s, though they were learned from known boundaries.',
      holds: beats('ctc', 'framewise'),
      measured: `${compare('framewise', 'ctc')}; of the frames themselves ${percentOf(frameError.median)} are wrong`,
    },
    {
      name: 'no-boundaries-needed',
      statement: 'CTC needs no boundaries and no HMM, and makes fewer errors than the HMM.',
      holds: beats('ctc', 'hmm'),
      measured: compare('hmm', 'ctc'),
    },
    {
      name: 'hybrid-over-hmm',
      statement: 'A network in place of the Gaussians improves the HMM.',
      holds: beats('hybrid', 'hmm'),
      measured: compare('hmm', 'hybrid'),
    },
    {
      name: 'hybrid-over-framewise',
      statement: 'An HMM behind a framewise network improves the network.',
      holds: beats('hybrid', 'framewise'),
      measured: compare('framewise', 'hybrid'),
    },
    {
      name: 'ctc-over-hybrid',
      statement:
        'CTC makes fewer errors than the hybrid (Graves et al. 2006 found 31.5 % against 33.8 % of phonemes).',
      holds: beats('ctc', 'hybrid'),
      measured: compare('hybrid', 'ctc'),
    },
    {
      name: 'hmm-fastest',
      statement: 'The HMM is trained in the least time.',
      holds: rows.every(({ key }) => key === 'hmm' || seconds('hmm') < seconds(key)),
      measured: rows.map(({ key, name }) => `${name} ${seconds(key).toFixed(0)} s`).join('; '),
    },
  ];
}
