import type { FiniteGrammar } from '../language/finite-grammar.ts';
import type { Hotword } from '../language/hotword.ts';
import type { EmissionMatrix } from './emission-matrix.ts';
import type { Hypothesis } from './hypothesis.ts';

/** What a request may ask of a decoder. */
export type DecodeOptions = {
  /** Seconds from one emission frame to the next. */
  readonly frameShiftSeconds: number;
  /** Length of the recording in seconds: no word ends after it. */
  readonly durationSeconds: number;
  /** How many hypotheses are wanted at most; 1 by default. */
  readonly nBest?: number;
  /** How many prefixes a beam search keeps; by default what the decoder takes for enough. */
  readonly beamWidth?: number;
  /** Phrases that are likelier than the model knows; a decoder that searches no labels leaves them out. */
  readonly hotwords?: readonly Hotword[];
  /** What may be said, in place of what the model expects. Greedy decoding cannot hold to it. */
  readonly grammar?: FiniteGrammar;
  /** Called again and again within a long search, which it stops by throwing. */
  readonly checkpoint?: () => void;
};

/**
 * Turns emissions into hypotheses, best first and at least one. A decoder holds no state between calls.
 */
export interface Decoder {
  readonly name: DecoderName;
  decode(emissions: EmissionMatrix, options: DecodeOptions): Hypothesis[];
}

/** The decoders that a request can name. */
export const decoderNames = ['ctc_greedy', 'ctc_beam', 'hmm', 'hybrid'] as const;
export type DecoderName = (typeof decoderNames)[number];
