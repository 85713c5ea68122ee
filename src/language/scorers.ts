/**
 * What may follow a history of words, and what it is worth: an n-gram model, a grammar. A state is a whole
 * number that stands for all that matters of the words so far; two histories of one state have one future.
 */
export interface WordScorer {
  /** The words that it knows; a word's number is its place. */
  readonly words: readonly string[];
  /** The state before the first word. */
  readonly start: number;
  /** ln weight of what `next` or `end` was asked last; −∞ where it is impossible. */
  readonly logWeight: number;
  /**
   * @param word its number, or −1 for one that is not among `words`
   * @returns the state after it, or −1 where it may not follow
   */
  next(state: number, word: number): number;
  /** Puts into `logWeight` what it is worth that nothing follows. */
  end(state: number): void;
}

/**
 * What may follow a sequence of labels, and what it is worth, for a search that grows label by label: words
 * spelt from a lexicon, weighed by a `WordScorer`, phrases that are hoped for. States are as in `WordScorer`.
 *
 * Worth may be given in advance, inside a word, and taken back later: only along a whole sequence, `end`
 * included, do the parts add up to what it is worth.
 */
export interface LabelScorer {
  /** The state before the first label. */
  readonly start: number;
  /** Ln weights of what `next` or `end` was asked last, by `scorePart`. */
  readonly parts: Float64Array;
  /** Whether it is to be asked about the filler, which otherwise is one with silence. */
  readonly hearsFiller?: boolean;
  /** @returns the state after the label, or −1 where it may not follow */
  next(state: number, label: number): number;
  /** Puts into `parts` what it is worth that nothing follows; −∞ in a part where something must. */
  end(state: number): void;
  /**
   * What is known of the labels after the state before they are asked about: a search need not ask about
   * those that could not bring enough. Disturbs nothing that `next` or `end` said.
   */
  gainBounds?(state: number): GainBounds;
}

/** What labels after a state gain at most: the sum of their parts. */
export type GainBounds = {
  /** No label gains more; +∞ where nobody knows. */
  readonly most: number;
  /** Of the others than those favoured none gains more. */
  readonly usual: number;
  /** At most `mostFavoured` labels, each once, the lowest first. */
  readonly favoured: readonly number[];
};

/** How many labels of a state a scorer may set apart from the others. */
export const mostFavoured = 8;

/** Where `LabelScorer.parts` has what; the names are those of a hypothesis's `scoreParts`. */
export const scorePart = { language: 0, words: 1, hotwords: 2 } as const;
export const scorePartCount = 3;
