import { percentOf } from '../statistics.ts';
import type { Claim } from '../study.ts';
import type { KindFindings, NetworksFindings } from './findings.ts';
import type { KindKey } from './kinds.ts';

export function networksClaims({ kinds, steps }: NetworksFindings): Claim[] {
  const of = (key: KindKey) => kinds.find((kind) => kind.key === key)!;
  const error = (kind: KindFindings) => kind.best.error;
  const errorText = (kind: KindFindings) => {
    const { median, lowest, highest } = error(kind);
    return `${kind.name} ${percentOf(median)} (${percentOf(lowest)} – ${percentOf(highest)})`;
  };
  /** Every seed of one with fewer errors than any of the other. */
  const beats = (one: KindKey, other: KindKey) => error(of(one)).highest < error(of(other)).lowest;
  const compare = (...keys: KindKey[]) => keys.map((key) => errorText(of(key))).join('; ');
  const time = (key: KindKey) => of(key).best.millisecondsAStep.median;
  const halfway = (key: KindKey) =>
    of(key).best.curve.find(({ error: { median } }) => median < 0.5)?.step;
  const parameters = kinds.map((kind) => kind.parameters);
  return [
    {
      name: 'equal',
      statement: 'The four networks have equally many parameters, to within 3 %.',
      holds: Math.max(...parameters) <= 1.03 * Math.min(...parameters),
      measured: kinds.map((kind) => `${kind.name} ${kind.parameters}`).join('; '),
    },
    {
      name: 'bidirectional-rnn',
      statement: 'A bidirectional RNN makes fewer errors than an RNN of as many parameters.',
      holds: beats('birnn', 'rnn'),
      measured: compare('rnn', 'birnn'),
    },
    {
      name: 'bidirectional-lstm',
      statement: 'A bidirectional LSTM makes fewer errors than an LSTM of as many parameters.',
      holds: beats('bilstm', 'lstm'),
      measured: compare('lstm', 'bilstm'),
    },
    {
      name: 'lstm-over-rnn',
      statement: 'An LSTM makes fewer errors than an RNN, in one direction.',
      holds: beats('lstm', 'rnn'),
      measured: compare('rnn', 'lstm'),
    },
    {
      name: 'lstm-over-rnn-both',
      statement: 'An LSTM makes fewer errors than an RNN, in both directions.',
      holds: beats('bilstm', 'birnn'),
      measured: compare('birnn', 'bilstm'),
    },
    {
      name: 'sooner',
      statement: 'With both directions half of the labels are right sooner.',
      holds: sooner(halfway('birnn'), halfway('rnn')) && sooner(halfway('bilstm'), halfway('lstm')),
      measured: kinds
        .map(({ key, name }) => `${name}: ${halfway(key) ?? `not in ${steps}`}`)
        .join('; ')
        .concat(' steps'),
    },
    {
      name: 'time',
      statement: 'With equally many parameters a step takes equally long (within a quarter).',
      holds:
        Math.max(...kinds.map(({ key }) => time(key))) <=
        1.25 * Math.min(...kinds.map(({ key }) => time(key))),
      measured: kinds.map(({ key, name }) => `${name} ${time(key).toFixed(1)} ms`).join('; '),
    },
  ];
}

function sooner(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && (other === undefined || one < other);
}
