import type { FeatureMatrix } from '../../features/feature-matrix.ts';

/** One utterance to learn from. */
export type HmmExample = {
  /** As the recipe makes them, before any transform. */
  readonly features: FeatureMatrix;
  /** What is said in it; undefined for what is outside the vocabulary, in a row as one. */
  readonly words: readonly (string | undefined)[];
};
