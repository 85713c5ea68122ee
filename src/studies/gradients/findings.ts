import type { Clipping } from './clipping.ts';
import type { StateNorms } from './state-norms.ts';
import type { Snapshot } from './through-training.ts';

export type GradientsFindings = {
  readonly hidden: number;
  readonly seeds: number;
  /** Before any training, over sequences of `lag` + 1 frames. */
  readonly atStart: {
    readonly lag: number;
    readonly networks: readonly ({
      readonly key: string;
      readonly name: string;
      /** How many frames back the gradient has lost nine tenths; null if it never has. */
      readonly tenthAfter: number | null;
    } & StateNorms)[];
  };
  /** While the engine trains on recall after `lag` frames. */
  readonly throughTraining: {
    readonly lag: number;
    readonly networks: readonly {
      readonly key: string;
      readonly name: string;
      readonly snapshots: readonly Snapshot[];
    }[];
  };
  readonly clipping: Clipping;
};
