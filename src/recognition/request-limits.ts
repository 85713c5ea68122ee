/** What a request may ask at most, of the service or of a program. */
export type RequestLimits = {
  /** Hypotheses that it may ask of a decoder. */
  readonly maxHypotheses: number;
  /** Prefixes that it may have a beam search keep. */
  readonly maxBeamWidth: number;
  readonly maxHotwords: number;
  /** Words and forms of its grammar, as it is written. */
  readonly maxGrammarSize: number;
};

/** Of settings, those that are limits. */
export function limitsOf(settings: RequestLimits): RequestLimits {
  const { maxHypotheses, maxBeamWidth, maxHotwords, maxGrammarSize } = settings;
  return { maxHypotheses, maxBeamWidth, maxHotwords, maxGrammarSize };
}

/** For who asks on a machine of their own. */
export const noLimits: RequestLimits = {
  maxHypotheses: Number.POSITIVE_INFINITY,
  maxBeamWidth: Number.POSITIVE_INFINITY,
  maxHotwords: Number.POSITIVE_INFINITY,
  maxGrammarSize: Number.POSITIVE_INFINITY,
};
