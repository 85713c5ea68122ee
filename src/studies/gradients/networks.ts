import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import { recallInputs, recallSymbols } from '../engine/recall-task.ts';
import type { Start } from '../engine/starting-weights.ts';

/** A network and how it begins. */
export type Beginning = {
  readonly name: string;
  readonly cell: 'rnn' | 'lstm';
  readonly start: Start;
  /** Whether it hears nothing, so that its state stays zero and tanh keeps the slope of one. */
  readonly silent?: boolean;
};

export const beginnings = {
  rnn: { name: 'RNN', cell: 'rnn', start: {} },
  rnnHalf: { name: 'RNN, weights × 0.5', cell: 'rnn', start: { gain: 0.5 } },
  rnnDouble: { name: 'RNN, weights × 2', cell: 'rnn', start: { gain: 2 } },
  rnnDoubleSilent: {
    name: 'RNN, weights × 2, no input',
    cell: 'rnn',
    start: { gain: 2 },
    silent: true,
  },
  rnnOrthogonal: { name: 'RNN, orthogonal', cell: 'rnn', start: { recurrent: 'orthogonal' } },
  lstmForget0: { name: 'LSTM, forget bias 0', cell: 'lstm', start: { forgetBias: 0 } },
  lstm: { name: 'LSTM, forget bias 1', cell: 'lstm', start: { forgetBias: 1 } },
  lstmForget3: { name: 'LSTM, forget bias 3', cell: 'lstm', start: { forgetBias: 3 } },
} as const satisfies Readonly<Record<string, Beginning>>;

export function recallArchitecture(cell: 'rnn' | 'lstm', hidden: number): NetworkArchitecture {
  const shape = { layers: 1, bidirectional: false } as const;
  return { ...shape, cell, hidden, inputs: recallInputs, labels: recallSymbols };
}
