import type { Claim } from '../study.ts';
import type { GradientsFindings } from './findings.ts';

/** Nats: half of what guessing one of four costs. */
const learnedNothing = Math.log(4) / 2;

export function gradientsClaims({
  atStart,
  throughTraining,
  clipping,
}: GradientsFindings): Claim[] {
  const start = (key: string) => atStart.networks.find((network) => network.key === key)!;
  const rnn = start('rnn');
  const silent = start('rnnDoubleSilent');
  const forgetBiases = ['lstmForget0', 'lstm', 'lstmForget3'].map((key) => start(key).factor);
  const lossesByRate = [...new Set(clipping.runs.map(({ learningRate }) => learningRate))].map(
    (rate) => {
      const losses = clipping.runs.filter(({ learningRate }) => learningRate === rate);
      const loss = (clipped: boolean) =>
        losses.find(({ clipNorm }) => (clipNorm !== null) === clipped)!.lastLoss.median;
      return { rate, clipped: loss(true), unclipped: loss(false) };
    },
  );
  const plain = throughTraining.networks.find(({ key }) => key === 'rnn')!.snapshots;
  const [before, after] = [plain[0]!.share, plain.at(-1)!.share];
  return [
    {
      name: 'vanishes',
      statement: 'The gradient by earlier states of a plain network shrinks exponentially.',
      holds: rnn.factor < 0.95,
      measured: `× ${rnn.factor.toFixed(3)} a frame; a tenth is left after ${rnn.tenthAfter} frames`,
    },
    {
      name: 'explodes',
      statement:
        'With large recurrent weights it grows exponentially instead, in a network at rest.',
      holds: silent.factor > 1.05,
      measured: `weights × 2, no input: spectral radius ${silent.recurrentRadius!.toFixed(2)}, × ${silent.factor.toFixed(3)} a frame`,
    },
    {
      name: 'explodes-driven',
      statement: 'It does so in a network that hears something, too.',
      holds: start('rnnDouble').factor > 1.05,
      measured: `weights × 2: spectral radius ${start('rnnDouble').recurrentRadius!.toFixed(2)}, × ${start('rnnDouble').factor.toFixed(3)} a frame`,
    },
    {
      name: 'bounded',
      statement:
        'It cannot grow where the largest singular value of the recurrent weights is below 1.',
      holds: atStart.networks.every(
        ({ recurrentStretch, factor }) =>
          recurrentStretch === null || recurrentStretch >= 1 || factor < recurrentStretch,
      ),
      measured: `weights × 0.5: largest singular value ${start('rnnHalf').recurrentStretch!.toFixed(2)}, × ${start('rnnHalf').factor.toFixed(3)} a frame`,
    },
    {
      name: 'radius',
      statement:
        'The factor a frame is the spectral radius of the step’s Jacobian (within a tenth).',
      holds: atStart.networks.every(
        ({ factor, jacobianRadius }) => Math.abs(factor / jacobianRadius - 1) < 0.1,
      ),
      measured: atStart.networks
        .map(
          ({ name, factor, jacobianRadius }) =>
            `${name}: ${factor.toFixed(3)} / ${jacobianRadius.toFixed(3)}`,
        )
        .join('; '),
    },
    {
      name: 'orthogonal',
      statement: 'An orthogonal start keeps the gradient longer than a random one.',
      holds: start('rnnOrthogonal').factor > rnn.factor,
      measured: `× ${start('rnnOrthogonal').factor.toFixed(3)} a frame against × ${rnn.factor.toFixed(3)}`,
    },
    {
      name: 'lstm-default',
      statement: 'An untrained LSTM keeps the gradient longer than an untrained plain network.',
      holds: start('lstm').factor > rnn.factor,
      measured: `× ${start('lstm').factor.toFixed(3)} a frame (forget bias 1) against × ${rnn.factor.toFixed(3)}`,
    },
    {
      name: 'forget-bias',
      statement: 'The higher an LSTM’s forget bias, the longer the gradient lasts.',
      holds: forgetBiases[0]! < forgetBiases[1]! && forgetBiases[1]! < forgetBiases[2]!,
      measured: `× ${forgetBiases.map((factor) => factor.toFixed(3)).join(', × ')} a frame for biases 0, 1, 3; σ of these is 0.500, 0.731, 0.953`,
    },
    {
      name: 'training-lengthens',
      statement: 'Training on a long lag makes the gradient of a plain network reach further.',
      holds: after > before && plain.at(-1)!.accuracy.median > 0.9,
      measured: `‖∂L/∂h‖ ${throughTraining.lag} frames back from ${before.toExponential(1)} to ${after.toExponential(1)} of that at the end; accuracy ${(100 * plain.at(-1)!.accuracy.median).toFixed(0)} %`,
    },
    {
      name: 'clipping',
      statement: 'Clipping lets training succeed at rates where it fails without.',
      holds: lossesByRate.some(
        ({ clipped, unclipped }) => clipped < 0.1 && unclipped > learnedNothing,
      ),
      measured: `loss at the end with and without clipping: ${lossesByRate
        .map(
          ({ rate, clipped, unclipped }) => `${rate}: ${rounded(clipped)}, ${rounded(unclipped)}`,
        )
        .join('; ')} (rate: with, without; guessing: 1.39)`,
    },
  ];
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(3) : value.toFixed(0);
}
