/**
 * Which words may follow one another, and what each costs: a finite acceptor over words. Every grammar,
 * from the free loop to an n-gram model, becomes one, and decoding networks are built from it.
 */
export type WordGraph = {
  readonly nodes: number;
  readonly start: number;
  /** nodes; ln weight of ending at a node; −∞ where nothing may end */
  readonly logFinal: Float64Array;
  readonly arcs: readonly WordArc[];
};

export type WordArc = {
  readonly from: number;
  readonly to: number;
  /** A word of the lexicon; undefined for an arc that costs its weight and is silent (a back-off). */
  readonly word: string | undefined;
  /** ln weight */
  readonly logWeight: number;
};
