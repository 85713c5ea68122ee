import type { NetworkArchitecture } from './architecture.ts';
import type { Cell } from './cell.ts';
import { lstmCell } from './lstm-cell.ts';
import { rnnCell } from './rnn-cell.ts';

export const cells: Readonly<Record<NetworkArchitecture['cell'], Cell>> = {
  lstm: lstmCell,
  rnn: rnnCell,
};
