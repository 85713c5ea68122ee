import { powerOf } from '../statistics.ts';
import type { Claim } from '../study.ts';
import type { RtrlFindings } from './findings.ts';

/** How far a fitted exponent may lie from a whole one. */
const exponentTolerance = 0.3;

export function rtrlClaims({ exactness, byLength, byWidth, echo }: RtrlFindings): Claim[] {
  const worst = Math.max(...exactness.map(({ rtrlDifference }) => rtrlDifference.highest));
  const rtrlNumbers = byLength.rows.map(({ rtrl }) => rtrl.memory.numbers);
  const bpttGrowth = powerOf(byLength.rows.map((row) => [row.frames, row.bptt.memory.numbers]));
  const rnn = byWidth.find(({ cell }) => cell === 'rnn')!;
  const lstm = byWidth.find(({ cell }) => cell === 'lstm')!;
  const exponents = [rnn.exponents.rtrl, lstm.exponents.rtrl];
  const online = exactness.map((one) => one.online.at(-1)!.difference.highest);
  const rate = exactness[0]!.online.at(-1)!.rate;
  const loss = (name: string) => echo.learners.find((learner) => learner.name === name)!.lastLoss;
  const slowest = Math.min(
    ...byWidth.flatMap(({ rows }) => rows.map(({ timeRatio }) => timeRatio)),
  );
  return [
    {
      name: 'exact',
      statement: 'RTRL with the weights held gives the gradient of full BPTT (to 1e-9).',
      holds: worst < 1e-9,
      measured: `relative difference at most ${worst.toExponential(1)}`,
    },
    {
      name: 'memory-constant',
      statement: 'RTRL’s memory does not depend on the length of the sequence.',
      holds: new Set(rtrlNumbers).size === 1,
      measured: `${rtrlNumbers[0]} numbers at ${byLength.rows[0]!.frames} frames, ${rtrlNumbers.at(-1)} at ${byLength.rows.at(-1)!.frames}`,
    },
    {
      name: 'memory-grows',
      statement: 'BPTT’s memory grows in proportion to the length.',
      holds: Math.abs(bpttGrowth - 1) < 0.05,
      measured: `numbers kept ∝ frames^${bpttGrowth.toFixed(3)}`,
    },
    {
      name: 'fourth-power',
      statement: 'RTRL’s cost a frame grows with the fourth power of the width.',
      holds: exponents.every((exponent) => Math.abs(exponent - 4) <= exponentTolerance),
      measured: `time ∝ H^${rnn.exponents.rtrl.toFixed(2)} (RNN, H = ${rnn.widths.join(', ')}), H^${lstm.exponents.rtrl.toFixed(2)} (LSTM, H = ${lstm.widths.join(', ')})`,
    },
    {
      name: 'online',
      statement: 'Updates after each frame follow the gradient as the rate goes to zero.',
      holds: online.every((difference) => difference < 0.01),
      measured: `at rate ${rate} their sum is off by at most ${(100 * Math.max(...online)).toFixed(3)} %`,
    },
    {
      name: 'bptt-faster',
      statement: 'BPTT takes less time at every width measured.',
      holds: slowest > 1,
      measured: `RTRL takes at least ${slowest.toFixed(1)} times as long`,
    },
    {
      name: 'beyond-window',
      statement:
        'RTRL learns from an endless stream what truncated BPTT with too short a window cannot.',
      holds: loss('RTRL').highest < 0.05 && loss('BPTT(4; 2)').lowest > 0.1,
      measured: `delay ${echo.delay}: ${loss('RTRL').median.toFixed(3)} nats a frame against ${loss('BPTT(4; 2)').median.toFixed(3)} (guessing: 0.693)`,
    },
  ];
}
