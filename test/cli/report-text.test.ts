import { expect, it } from 'vitest';
import type { EvaluationReport } from '../../src/cli/evaluation/evaluate.ts';
import { reportText } from '../../src/cli/evaluation/report-text.ts';
import { scoreUtterances } from '../../src/evaluation/scores.ts';
import { timingOf } from '../../src/evaluation/timing.ts';

function reportOf(pairs: readonly (readonly [reference: string, hypothesis: string])[]): string {
  const utterances = pairs.map(([reference, hypothesis], index) => ({
    reference,
    hypothesis,
    audioSeconds: 6,
    corpus: index % 2 === 0 ? 'even' : 'odd',
    speaker: 'ann',
  }));
  const report: EvaluationReport = {
    model: { name: 'tiny', sha256: '0123456789abcdef'.repeat(4) },
    decoder: 'ctc_greedy',
    threads: 1,
    date: '2026-01-31',
    manifests: ['dev.jsonl'],
    only: 'all',
    clipsListed: utterances.length,
    timing: timingOf([{ audioSeconds: 12, stageMilliseconds: { audio: 30, search: 90 } }], 0.125),
    wrong: [],
    scores: scoreUtterances(utterances),
  };
  return reportText(report, false);
}

it('aligns a row for each corpus and one for all of them', () => {
  const lines = reportOf([
    ['one two', 'one two'],
    ['three', 'four'],
  ]).split('\n');
  expect(lines.slice(0, 7)).toEqual([
    'model    tiny, sha256 0123456789ab…, ctc_greedy, 2026-01-31',
    'clips    2 of 2 from dev.jsonl',
    '',
    'set   clips  minutes  words       WER  sub  del  ins       CER       SER',
    'even      1      0.1      2    0.00 %    0    0    0    0.00 %    0.00 %',
    'odd       1      0.1      1  100.00 %    1    0    0  100.00 %  100.00 %',
    'all       2      0.2      3   33.33 %    1    0    0   41.67 %   50.00 %',
  ]);
  expect(lines.slice(-2)).toEqual([
    'timing   12.0 s of audio in 0.1 s on 1 thread; real-time factor of one thread 0.010',
    '         audio 25.00 %, search 75.00 %',
  ]);
});

it('shows a small vocabulary as a table, with a dot where nothing was confused', () => {
  const text = reportOf([['one two two', 'one one']]);
  expect(text).toContain(
    [
      'said ↓ recognised →  one  two  (deleted)',
      'one                    1    ·          ·',
      'two                    1    ·          1',
      '(inserted)             ·    ·',
    ].join('\n'),
  );
});

it('lists the errors of a large vocabulary from frequent to rare', () => {
  const many = 'a b c d e f g h i j k l m n o p q'.split(' ');
  const text = reportOf([
    [many.join(' '), many.join(' ')],
    ['a', ''],
    ['q', 'p'],
    ['q', 'p'],
  ]);
  expect(text).toContain(['said  recognised  times', 'q              p      2'].join('\n'));
  expect(text).toMatch(/^a +\(nothing\) +1$/mu);
  expect(text).not.toContain('said ↓');
});

it('says that there are no confusions, and shows an infinite rate as such', () => {
  expect(reportOf([['one', 'one']])).toContain('no confusions');
  expect(reportOf([['', 'one']])).toMatch(/^even +1 +0\.1 +0 +∞/mu);
});
