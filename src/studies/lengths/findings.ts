import type { Spread } from '../statistics.ts';

export type RowKey = 'framewise' | 'hmm' | 'ctc' | 'hybrid';

export type LengthsFindings = {
  readonly strings: {
    readonly train: number;
    readonly dev: number;
    readonly devDigits: number;
    /** On average. */
    readonly frames: number;
  };
  readonly network: {
    readonly hidden: number;
    readonly learningRate: number;
    readonly steps: number;
    readonly batch: number;
  };
  readonly hmm: { readonly wordStates: number; readonly gaussians: number };
  readonly seeds: number;
  readonly rows: readonly RowFindings[];
  /** The share of frames that the framewise network has wrong, pauses among them. */
  readonly frameError: Spread;
};

export type RowFindings = {
  readonly key: RowKey;
  readonly name: string;
  /** Label error rate on the dev strings at the end, over the seeds. */
  readonly error: Spread;
  /** Processor time of all training that it needs: the hybrid's includes the HMM's and the alignment. */
  readonly seconds: Spread;
  readonly parameters: number;
  /** Of the first seed. */
  readonly curve: readonly { readonly seconds: number; readonly error: number }[];
};
