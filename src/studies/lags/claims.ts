import type { Claim } from '../study.ts';
import type { LagsFindings } from './findings.ts';

export function lagsClaims({ learners, lags, steps }: LagsFindings): Claim[] {
  const of = (key: string) => learners.find((learner) => learner.key === key)!;
  const reach = (key: string) => of(key).best.reach;
  const reaches = (...keys: string[]) =>
    keys.map((key) => `${of(key).name}: ${reach(key)}`).join('; ');
  const longest = lags.at(-1)!;
  /** Undecided where both reach the longest lag: nobody looked further. */
  const further = (one: number, other: number): boolean | null =>
    one === longest && other === longest ? null : one > other;
  const plainByRate = of('rnn').byRate.map((each) => `${each.reach} at rate ${each.learningRate}`);
  const next = lags.find((lag) => lag > reach('rnn'));
  return [
    {
      name: 'ten-steps',
      statement:
        'A plain recurrent network learns to bridge about ten frames (5 to 20), and not the next lag tried.',
      holds: aboutTen(reach('rnn'), next),
      measured: `most seeds learn up to a lag of ${plainByRate.join(', ')}; ${next === undefined ? 'no longer one was tried' : `the next one tried is ${next}`}`,
    },
    {
      name: 'lstm-further',
      statement:
        'An LSTM, as it is usually begun (forget bias 1), bridges longer lags than a plain network.',
      holds: further(reach('lstm'), reach('rnn')),
      measured: `lags that most seeds learn at the best rate: ${reaches('rnn', 'lstm')}`,
    },
    {
      name: 'best-lstm-further',
      statement:
        'With a forget bias that suits the lag it bridges longer lags than any plain network here.',
      holds: further(reach('lstmForget3'), Math.max(reach('rnn'), reach('rnnOrthogonal'))),
      measured: `${reaches('rnn', 'rnnOrthogonal', 'lstmForget3')} (the longest lag tried is ${longest}, the most steps ${steps})`,
    },
    {
      name: 'forget-bias',
      statement: 'The forget gate’s bias decides how far an LSTM reaches: the higher, the further.',
      holds: both(
        further(reach('lstm'), reach('lstmForget0')),
        further(reach('lstmForget3'), reach('lstm')),
      ),
      measured: reaches('lstmForget0', 'lstm', 'lstmForget3'),
    },
    {
      name: 'orthogonal-further',
      statement: 'An orthogonal start lets a plain network bridge longer lags.',
      holds: further(reach('rnnOrthogonal'), reach('rnn')),
      measured: reaches('rnn', 'rnnOrthogonal'),
    },
  ];
}

/** @param next the shortest lag tried that is not reached; undefined where all are */
function aboutTen(reach: number, next: number | undefined): boolean | null {
  if (reach < 5 || reach > 20) return false;
  return next === undefined ? null : true;
}

/** Whether both hold, where one may be undecided. */
function both(one: boolean | null, other: boolean | null): boolean | null {
  if (one === false || other === false) return false;
  return one === null || other === null ? null : true;
}
