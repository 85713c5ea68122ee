/** What scorers need to know of an alphabet; every `Alphabet` is one. */
export type LabelAlphabet = {
  /** Whether a label is a whole word or a character. */
  readonly kind: 'words' | 'characters';
  readonly labels: readonly string[];
  /** CTC's "no label": a scorer never hears of it. */
  readonly blank: number;
  /** Stands for words that have no labels and prints nothing. */
  readonly filler: number | undefined;
  /** The label that parts words; kind `characters` only. */
  readonly space: number | undefined;
};

/** The words of a text as labels spell them: lower case, composed (NFC). */
export function wordsIn(text: string): string[] {
  return text
    .toLowerCase()
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => word !== '');
}

/** Spells words in an alphabet's labels. */
export class Speller {
  private readonly kind: LabelAlphabet['kind'];
  private readonly labelOf: ReadonlyMap<string, number>;

  constructor({ kind, labels, blank, filler, space }: LabelAlphabet) {
    this.kind = kind;
    const special = [blank, filler, space];
    const entries = labels.map((label, index) => [label, index] as const);
    this.labelOf = new Map(entries.filter(([, index]) => !special.includes(index)));
  }

  /** The labels of one word; undefined where it has none. */
  spell(word: string): number[] | undefined {
    const labels: number[] = [];
    for (const unit of this.kind === 'words' ? [word] : word) {
      const label = this.labelOf.get(unit);
      if (label === undefined) return undefined;
      labels.push(label);
    }
    return labels.length === 0 ? undefined : labels;
  }

  /** Whether the word has labels. */
  has(word: string): boolean {
    return this.spell(word) !== undefined;
  }

  /** The label of that name, a unit of a lexicon; undefined where there is none that prints. */
  labelNamed(name: string): number | undefined {
    return this.labelOf.get(name);
  }
}
