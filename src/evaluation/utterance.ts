/** One clip of an evaluation: what was said in it, what was recognised, and where it comes from. */
export type EvaluatedUtterance = {
  readonly reference: string;
  readonly hypothesis: string;
  readonly audioSeconds: number;
  readonly corpus: string;
  readonly speaker: string;
};
