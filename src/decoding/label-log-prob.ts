/** A label of a hypothesis (a word or a character) and ln of how probable it is. */
export type LabelLogProb = { readonly label: string; readonly logProb: number };
