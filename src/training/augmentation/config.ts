import { z } from 'zod';
import { range } from '../range-schema.ts';

const probability = (value: number) => z.number().min(0).max(1).default(value);

/**
 * How training examples are varied. Each step has the probability that an example goes through it, and
 * the ranges its settings are drawn from. The steps run in the order in which they stand here.
 */
export const augmentationSchema = z.strictObject({
  /** Takes up to this much off each edge, as recorders that start late and stop early do. */
  cut: z.strictObject({ probability: probability(0.15), seconds: range(0, 0.04) }).prefault({}),
  /** Plays faster or slower, which shifts pitch and formants along. Ratio 1.1 is 10 % faster. */
  speed: z.strictObject({ probability: probability(0.8), ratio: range(0.85, 1.18) }).prefault({}),
  /** Background before and after, drawn for each side; the rest of the time the side stays bare. */
  pad: z
    .strictObject({
      probability: probability(0.75),
      seconds: range(0, 0.6),
      /** Share filled with noise at the clip's own floor; otherwise digital silence. */
      floorProbability: probability(0.75),
    })
    .prefault({}),
  /** A room: noise that decays exponentially behind the direct sound. */
  reverberation: z
    .strictObject({
      probability: probability(0.25),
      /** Time in which the room's answer falls by 60 dB. */
      decaySeconds: range(0.1, 0.6),
      directToReverberantDb: range(-3, 15),
    })
    .prefault({}),
  /** Colour of a microphone: a random shelf and a random bell. */
  equalisation: z
    .strictObject({ probability: probability(0.5), gainDb: range(-9, 9) })
    .prefault({}),
  /** Edges of a channel, second order each: telephones, old codecs, small microphones. */
  band: z
    .strictObject({
      probability: probability(0.3),
      lowHz: range(60, 400),
      /** As a share of half the sample rate. */
      highShare: range(0.55, 0.95),
    })
    .prefault({}),
  /** Adds background at a signal-to-noise ratio: of the speech's level to the noise's. */
  noise: z
    .strictObject({
      probability: probability(0.65),
      snrDb: range(3, 40),
      /** Shares of the three kinds: recordings, coloured noise, other people talking. */
      recorded: z.number().min(0).default(0.4),
      coloured: z.number().min(0).default(0.45),
      babble: z.number().min(0).default(0.15),
      /** Voices in the background never come closer than this. */
      babbleSnrDb: range(12, 30),
    })
    .prefault({}),
  /** Sets the example's peak, in dB below full scale. */
  level: z.strictObject({ probability: probability(0.95), peakDb: range(-36, 0) }).prefault({}),
  /** Overload: amplifies by this much and clips at full scale. */
  overload: z.strictObject({ probability: probability(0.04), gainDb: range(3, 15) }).prefault({}),
  /** Coarse amplitudes: G.711 µ-law, or few bits. */
  coding: z
    .strictObject({ muLaw: probability(0.1), quantise: probability(0.05), bits: range(7, 12) })
    .prefault({}),
  /** Vocal tract length perturbation (Jaitly & Hinton 2013): factors of the mel axis's warp. */
  vocalTract: z
    .strictObject({
      probability: probability(0.7),
      factors: z.array(z.number().min(0.7).max(1.4)).default([0.86, 0.9, 0.95, 1.05, 1.1, 1.15]),
    })
    .prefault({}),
  /** SpecAugment's masks (Park et al. 2019), in the domain of features. */
  masking: z
    .strictObject({
      probability: probability(0.6),
      timeMasks: z.number().int().min(0).default(2),
      /** Short against a word, so that a mask never hides one whole. */
      timeSeconds: range(0, 0.1),
      bandMasks: z.number().int().min(0).default(2),
      /** Width as a share of the bands. */
      bandShare: range(0, 0.2),
    })
    .prefault({}),
});

export type AugmentationConfig = z.infer<typeof augmentationSchema>;
