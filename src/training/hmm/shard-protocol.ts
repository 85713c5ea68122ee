import type { BatchSourceDefinition } from '../data/batch-source.ts';
import type { HmmStage } from './configuration.ts';
import type { StartStatistics } from './example-shard.ts';
import type { HmmStatistics } from './learner.ts';
import type { ClassStatistics, FrameTransform } from './transform.ts';
import type { HmmParameters } from './units.ts';

export type ShardWorkerData = {
  readonly definition: BatchSourceDefinition;
  readonly examples: number;
  readonly shard: number;
  readonly shards: number;
};

export type ShardRequest =
  | { readonly kind: 'start'; readonly parameters: Pick<HmmParameters, 'units' | 'lexicon'> }
  | { readonly kind: 'use'; readonly transform: FrameTransform | undefined }
  | {
      readonly kind: 'estimate';
      readonly parameters: HmmParameters;
      readonly method: HmmStage['method'];
      readonly beam: number;
    }
  | { readonly kind: 'classes'; readonly parameters: HmmParameters; readonly context: number };

/** What crosses a thread keeps its data and loses its methods. */
type Plain<T> = {
  readonly [Key in keyof T as T[Key] extends (...args: never) => unknown ? never : Key]: T[Key];
};

export type ShardAnswer =
  | { readonly kind: 'made'; readonly count: number }
  | { readonly kind: 'ready'; readonly frames: number }
  | { readonly kind: 'started'; readonly statistics: StartStatistics }
  | { readonly kind: 'used' }
  | { readonly kind: 'estimated'; readonly statistics: HmmStatistics }
  | { readonly kind: 'classified'; readonly statistics: Plain<ClassStatistics> };
