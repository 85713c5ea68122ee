/** A phrase that is likelier than the model knows. */
export type Hotword = {
  /** Words parted by spaces. */
  readonly phrase: string;
  /** ln weight that a hypothesis gains each time the phrase is said; negative to discourage it. */
  readonly weight: number;
};
