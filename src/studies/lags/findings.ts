import type { LagRun } from './learn-lag.ts';

export type LagsFindings = {
  readonly hidden: number;
  readonly batch: number;
  /** At most so many steps a run. */
  readonly steps: number;
  readonly seeds: number;
  readonly successAccuracy: number;
  readonly lags: readonly number[];
  readonly learners: readonly {
    readonly key: string;
    readonly name: string;
    readonly byRate: readonly RateFindings[];
    /** With the rate that reaches furthest, the lowest among equals. */
    readonly best: RateFindings;
  }[];
};

export type RateFindings = {
  readonly learningRate: number;
  readonly byLag: readonly {
    readonly lag: number;
    /** How many seeds learned; null if it was not tried, because at a shorter lag most did not. */
    readonly successes: number | null;
    /** Of those that learned; null if none did. */
    readonly medianSteps: number | null;
    readonly runs: readonly LagRun[];
  }[];
  /** The longest lag up to which, and at which, most seeds learned; 0 if there is none. */
  readonly reach: number;
};
