import type { Spread } from '../statistics.ts';
import type { KindKey } from './kinds.ts';

export type NetworksFindings = {
  readonly strings: { readonly train: number; readonly dev: number; readonly devDigits: number };
  readonly steps: number;
  readonly batch: number;
  readonly seeds: number;
  readonly rates: readonly number[];
  /** What the networks have as nearly as whole units allow. */
  readonly parameters: number;
  readonly kinds: readonly KindFindings[];
};

export type KindFindings = {
  readonly key: KindKey;
  readonly name: string;
  /** Units a direction. */
  readonly hidden: number;
  readonly parameters: number;
  readonly byRate: readonly RateFindings[];
  /** With the rate of the lowest median of the last loss on what it learns from, the lowest among equals. */
  readonly best: RateFindings;
};

export type RateFindings = {
  readonly learningRate: number;
  /** Label error rate on the dev strings after the last step, over the seeds. */
  readonly error: Spread;
  /** Mean loss in nats a string over the last stretch of steps. */
  readonly loss: Spread;
  /** Processor time. */
  readonly millisecondsAStep: Spread;
  readonly curve: readonly CurvePoint[];
};

export type CurvePoint = {
  readonly step: number;
  /** Null before the first step. */
  readonly loss: Spread | null;
  readonly error: Spread;
};
