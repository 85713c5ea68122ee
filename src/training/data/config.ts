import { z } from 'zod';
import { range } from '../range-schema.ts';

/** Which rows of a manifest take part. */
export const clipFilterSchema = z.strictObject({
  /** Path of a JSONL manifest below one of the corpora roots. */
  manifest: z.string().min(1),
  /**
   * By the words: all in the vocabulary (`inside`), none (`outside`), some (`mixed`), or `any`. A row
   * without words is neither inside nor mixed.
   */
  text: z.enum(['inside', 'mixed', 'outside', 'any']).default('any'),
  /** Only rows of these speakers, where given. */
  speakers: z.array(z.string()).optional(),
  excludeSpeakers: z.array(z.string()).default([]),
  /** Rows with one of these words are left out: a homophone of a vocabulary word, say. */
  excludeWords: z.array(z.string()).default([]),
  minWords: z.number().int().min(0).default(0),
  maxWords: z.number().int().min(0).optional(),
  minSeconds: z.number().min(0).default(0),
  maxSeconds: z.number().positive().optional(),
});
export type ClipFilter = z.infer<typeof clipFilterSchema>;

/** Rows to draw from, with their weight among the pools of a source. */
export const poolSchema = z.strictObject({
  ...clipFilterSchema.shape,
  weight: z.number().positive().default(1),
});
export type PoolConfig = z.infer<typeof poolSchema>;

const pools = z.array(poolSchema).min(1);
const common = { name: z.string().min(1), weight: z.number().positive() };

/** One word alone. The word is drawn evenly, then its clip: rare words are as frequent as the rest. */
const singleSchema = z.strictObject({ ...common, kind: z.literal('single'), pools });

/** Recordings as they are, each as likely as the others of its pool; some joined to longer ones. */
const utterancesSchema = z.strictObject({
  ...common,
  kind: z.literal('utterances'),
  pools,
  /**
   * Recordings wholly outside the vocabulary that last longer are cut to a random part of so many
   * seconds: any part of them has the filler for its text.
   */
  cropSeconds: z
    .tuple([z.number().positive(), z.number().positive()])
    .refine(([from, to]) => from <= to, 'expected the low end first')
    .optional(),
  join: z
    .strictObject({
      probability: z.number().min(0).max(1).default(0),
      /** Recordings in a joined example, as far as `maxSeconds` lets them in. */
      clips: range(2, 3),
      gapSeconds: range(0, 0.5),
    })
    .prefault({}),
});

/** Strings put together from single words, trimmed and level-matched. */
const assembledSchema = z.strictObject({
  ...common,
  kind: z.literal('assembled'),
  pools,
  words: range(2, 10),
  /** Chance that one speaker says the whole string; then, that it stays within one pool. */
  sameSpeaker: z.number().min(0).max(1).default(0.6),
  samePool: z.number().min(0).max(1).default(0.7),
  /** Between words; what is negative overlaps, with a crossfade. */
  gapSeconds: range(-0.05, 0.3),
  /** Each word's own ratio of speed, on top of the string's. */
  wordSpeed: range(0.95, 1.15),
  /** Each word's level against the string's. */
  wordGainDb: range(-3, 3),
  /** Single words of any kind among the string's, each position with this chance. */
  fillers: z.strictObject({ probability: z.number().min(0).max(1), pools }).optional(),
});

/** No speech: background noise, or digital silence. */
const backgroundSchema = z.strictObject({
  ...common,
  kind: z.literal('background'),
  seconds: range(0.5, 5),
  silenceProbability: z.number().min(0).max(1).default(0.1),
});

export const sourceSchema = z.discriminatedUnion('kind', [
  singleSchema,
  utterancesSchema,
  assembledSchema,
  backgroundSchema,
]);
export type SourceConfig = z.infer<typeof sourceSchema>;
export type UtterancesConfig = z.infer<typeof utterancesSchema>;
export type AssembledConfig = z.infer<typeof assembledSchema>;
export type BackgroundConfig = z.infer<typeof backgroundSchema>;

/** What a training run reads, and how its batches are made. */
export const dataSchema = z.strictObject({
  batchSize: z.number().int().positive().default(32),
  /** No example is longer: longer recordings take no part, strings and joins stop before it. */
  maxSeconds: z.number().positive().default(8),
  /** Steps whose examples are drawn together, sorted by length and dealt into batches of like length. */
  bucketSteps: z.number().int().positive().default(8),
  sources: z.array(sourceSchema).min(1),
  /** Files or folders of background recordings below one of the corpora roots. */
  noise: z.array(z.string()).default([]),
});
export type DataConfig = z.infer<typeof dataSchema>;
