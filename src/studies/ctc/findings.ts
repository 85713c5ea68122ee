import type { OverSeeds } from './through-training.ts';

export type CtcFindings = {
  readonly paths: {
    /** Labels besides the blank. */
    readonly alphabet: number;
    readonly byFrames: readonly {
      readonly frames: number;
      readonly paths: string;
      /** How many texts some path spells. */
      readonly texts: number;
      /** For how many of them the formula differs from the enumeration. */
      readonly formulaWrong: number;
      /** The largest relative difference of the count that the loss implies. */
      readonly lossOff: number;
      readonly shown: readonly { readonly text: string; readonly count: string }[];
    }[];
  };
  readonly hidden: number;
  readonly seeds: number;
  /** What the example would have if its network found all labels equally likely. */
  readonly uniform: {
    readonly frames: number;
    readonly labels: number;
    readonly paths: string;
    readonly loss: number;
    readonly framesALabel: number;
  };
  readonly snapshots: readonly OverSeeds[];
  /** The snapshot with the most blanks, and the last one. */
  readonly flood: OverSeeds;
  readonly last: OverSeeds;
  readonly example: {
    readonly labels: readonly number[];
    readonly frames: number;
    readonly segments: readonly { readonly first: number; readonly end: number }[];
    /** occupancies and probs: frames × (alphabet + 1) */
    readonly alignments: readonly {
      readonly step: number;
      readonly loss: number;
      readonly occupancies: readonly number[];
      readonly probs: readonly number[];
    }[];
  };
};
