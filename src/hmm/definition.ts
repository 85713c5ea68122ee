import { z } from 'zod';

const probability = z.number().min(0).max(1);
const state = z.int().nonnegative();

/**
 * One unit's model: a small chain of states. Left-to-right with or without skips, or ergodic. What leaves
 * a state, `final` included, sums to one.
 */
export const unitSchema = z.strictObject({
  /** Column of the emission matrix for each state; two states may share one. */
  emissions: z.array(state).min(1).max(1024),
  /** Probability of entering the unit at each state. */
  initial: z.array(probability),
  /** `[from, to, probability]`, self-loops included. */
  arcs: z.array(z.tuple([state, state, probability])),
  /** Probability of leaving the unit after each state. */
  final: z.array(probability),
});
export type UnitDefinition = z.infer<typeof unitSchema>;

/** `hmm.json`: everything besides the acoustic scores that recognition by the HMM needs. */
export const hmmDefinitionSchema = z.strictObject({
  format: z.literal(1),
  /** Columns of the emission matrix: emitting states of hmm.onnx. */
  emissions: z.int().positive(),
  units: z.record(z.string().min(1), unitSchema),
  /** Pronunciations of each word: sequences of units. */
  lexicon: z.record(z.string().min(1), z.array(z.array(z.string().min(1)).min(1)).min(1)),
  /** Units that stand for no word: pauses at edges and between words, noises, and words unknown. */
  silence: z.string(),
  /** Other sounds that nobody said: coughs, clicks. */
  noises: z.array(z.string()).default([]),
  /** Speech outside the vocabulary. */
  filler: z.string().optional(),
  decoding: z.strictObject({
    /** Added to the ln score for every word, filler and noise; negative ones ask for fewer. */
    wordPenalty: z.number(),
    fillerPenalty: z.number(),
    noisePenalty: z.number(),
    /** A state this many nats below the best of its frame is given up. */
    beam: z.number().positive(),
    /** What scores are multiplied by before they become posteriors (Wessel et al. 2001). */
    posteriorScale: z.number().positive().max(1),
  }),
});
export type HmmDefinition = z.infer<typeof hmmDefinitionSchema>;
