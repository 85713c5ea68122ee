import type { Spread } from '../statistics.ts';
import type { Memory } from './cost.ts';
import type { EchoStream } from './echo-stream.ts';
import type { Exactness } from './exactness.ts';
import type { CellName, MethodName } from './methods.ts';

type Cost = { readonly memory: Memory; readonly secondsPerFrame: Spread };
export type CostRow = Readonly<Record<MethodName, Cost>>;

export type RtrlFindings = {
  /** Of each timing. */
  readonly repetitions: number;
  readonly exactness: readonly Exactness[];
  /** An RNN of one width over sequences of several lengths. */
  readonly byLength: {
    readonly hidden: number;
    readonly rows: readonly ({ readonly frames: number } & CostRow)[];
  };
  /** Networks of several widths over sequences of one length. */
  readonly byWidth: readonly {
    readonly cell: CellName;
    readonly frames: number;
    readonly rows: readonly ({
      readonly hidden: number;
      /** How many times as long a frame takes by RTRL as by BPTT. */
      readonly timeRatio: number;
      /** From so many frames on BPTT holds more numbers than RTRL. */
      readonly evenFrames: number;
      /** G·H²·P */
      readonly multiplications: number;
    } & CostRow)[];
    /** Exponents of the time a frame over the widest networks, and what counting alone would give. */
    readonly widths: readonly number[];
    readonly exponents: Readonly<Record<MethodName, number>>;
    readonly countedExponent: number;
  }[];
  readonly echo: EchoStream;
};
