import type { Claim } from '../study.ts';
import type { LagsFindings } from './findings.ts';

export function lagsClaims({ learners, lags, steps }: LagsFindings): Claim[] {
  const of = (key: string) => learners.find((learner) => learner.key === key)!;
  const reach = (key: string) => of(key).best.reach;
  const reaches = (...keys: string[]) =>
    keys.map((key) => `${of(key).name}: ${reach(key)}`).join('; ');
  const plainByRate = of('rnn').byRate.map((each) => `${each.reach} at rate ${each.learningRate}`);
  const longest = lags.at(-1)!;
  return [
    {
      name: 'ten-steps',
      statement:
        'A plain recurrent network learns to bridge about ten frames (5 to 20), and no more.',
      holds: reach('rnn') >= 5 && reach('rnn') <= 20,
      measured: `most seeds learn up to a lag of ${plainByRate.join(', ')}`,
    },
    {
      name: 'lstm-further',
      statement:
        'An LSTM, as it is usually begun (forget bias 1), bridges longer lags than a plain network.',
      holds: reach('lstm') > reach('rnn'),
      measured: `lags that most seeds learn at the best rate: ${reaches('rnn', 'lstm')}`,
    },
    {
      name: 'best-lstm-further',
      statement:
        'With a forget bias that suits the lag it bridges longer lags than any plain network here.',
      holds: reach('lstmForget3') > Math.max(reach('rnn'), reach('rnnOrthogonal')),
      measured: `${reaches('rnn', 'rnnOrthogonal', 'lstmForget3')} (the longest lag tried is ${longest}, the most steps ${steps})`,
    },
    {
      name: 'forget-bias',
      statement: 'The forget gate’s bias decides how far an LSTM reaches: the higher, the further.',
      holds: reach('lstmForget0') < reach('lstm') && reach('lstm') < reach('lstmForget3'),
      measured: reaches('lstmForget0', 'lstm', 'lstmForget3'),
    },
    {
      name: 'orthogonal-further',
      statement: 'An orthogonal start lets a plain network bridge longer lags.',
      holds: reach('rnnOrthogonal') > reach('rnn'),
      measured: reaches('rnn', 'rnnOrthogonal'),
    },
  ];
}
