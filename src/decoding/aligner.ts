import type { EmissionMatrix } from './emission-matrix.ts';

/** A stretch of an alignment. Times are seconds from the start of the recording; scores are ln. */
type Aligned = {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Sum of what the acoustic model gave along the stretch, transitions included. */
  readonly score: number;
};

/** A state of a unit's model, counted from 0 inside the unit. */
export type AlignedState = Aligned & { readonly state: number };

export type AlignedUnit = Aligned & {
  /** The unit's name: a word, a phone, a label. */
  readonly unit: string;
  /** Empty where units have no states of their own (CTC). */
  readonly states: readonly AlignedState[];
};

export type AlignedWord = Aligned & {
  readonly word: string;
  /** In [0, 1]. */
  readonly confidence: number;
  readonly units: readonly AlignedUnit[];
};

export type Alignment = {
  /** The words of the text in order; between them nothing or silence. */
  readonly words: readonly AlignedWord[];
  /** ln score of the whole recording under the text. */
  readonly score: number;
};

export type AlignOptions = {
  readonly frameShiftSeconds: number;
  readonly durationSeconds: number;
  /** Called again and again; it stops the alignment by throwing. */
  readonly checkpoint?: (() => void) | undefined;
};

/** Finds when each word of a known text was said. Holds no state between calls. */
export interface Aligner {
  readonly name: AlignerName;
  /**
   * @param words each in the model's vocabulary
   * @throws SoriError unalignable_text when a word is unknown or the words do not fit in the frames
   */
  align(emissions: EmissionMatrix, words: readonly string[], options: AlignOptions): Alignment;
}

/** The methods that a request can name. */
export const alignerNames = ['ctc', 'hmm'] as const;
export type AlignerName = (typeof alignerNames)[number];
