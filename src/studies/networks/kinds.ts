import type { NetworkArchitecture } from '../../training/network/architecture.ts';
import { parameterLayout } from '../../training/network/parameters.ts';

export type NetworkKind = Pick<NetworkArchitecture, 'cell' | 'bidirectional'> & {
  readonly key: KindKey;
  readonly name: string;
};
export type KindKey = 'rnn' | 'birnn' | 'lstm' | 'bilstm';

export const networkKinds: readonly NetworkKind[] = [
  { key: 'rnn', name: 'RNN', cell: 'rnn', bidirectional: false },
  { key: 'birnn', name: 'bidirectional RNN', cell: 'rnn', bidirectional: true },
  { key: 'lstm', name: 'LSTM', cell: 'lstm', bidirectional: false },
  { key: 'bilstm', name: 'bidirectional LSTM', cell: 'lstm', bidirectional: true },
];

/** One layer of the kind, as wide as comes nearest to so many parameters. */
export function architectureOf(
  { cell, bidirectional }: Pick<NetworkKind, 'cell' | 'bidirectional'>,
  { parameters, inputs, labels }: { parameters: number; inputs: number; labels: number },
): NetworkArchitecture {
  const wide = (hidden: number) => ({ cell, bidirectional, layers: 1, hidden, inputs, labels });
  const distance = (hidden: number) => Math.abs(parameterLayout(wide(hidden)).size - parameters);
  let hidden = 1;
  while (distance(hidden + 1) < distance(hidden)) hidden++;
  return wide(hidden);
}
