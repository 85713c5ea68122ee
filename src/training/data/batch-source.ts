import type { AlphabetDefinition } from '../../alphabet/definition.ts';
import type { FeatureRecipe } from '../../features/recipe.ts';
import type { AugmentationConfig } from '../augmentation/config.ts';
import type { TrainingBatch } from './batch.ts';
import type { DataConfig } from './config.ts';
import type { Corpus } from './corpus.ts';
import type { PackedAudio } from './packed-audio.ts';

/** Everything that batches are made of; plain data, so that it can be handed to worker threads. */
export type BatchSourceDefinition = {
  readonly seed: number;
  readonly data: DataConfig;
  readonly augmentation: AugmentationConfig;
  readonly recipe: FeatureRecipe;
  readonly alphabet: AlphabetDefinition;
  /** By the manifest's name in the configuration. */
  readonly corpora: Readonly<Record<string, Corpus>>;
  readonly noise: PackedAudio;
};
