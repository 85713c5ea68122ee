import { type AlphabetDefinition, faultsOf, normaliseText } from './definition.ts';

/**
 * The labels of a CTC model and how text becomes labels and labels become text.
 *
 * - Kind `words`: a label is a whole word.
 * - Kind `characters`: a label is one character (code point); the label `' '` parts words.
 * - `blank` is CTC's "no label"; it is never in an encoded text.
 * - `filler`, where there is one, stands for any word outside the vocabulary (kind `characters`: any
 *   word with a character that has no label). Consecutive such words are one filler. It is never printed.
 */
export class Alphabet {
  readonly kind: 'words' | 'characters';
  readonly labels: readonly string[];
  readonly blank: number;
  readonly filler: number | undefined;
  /** The label that parts words; kind `characters` only. */
  readonly space: number | undefined;
  private readonly indexOfLabel: ReadonlyMap<string, number>;

  /** Throws `RangeError` on a definition that `alphabetSchema` would reject. */
  constructor(definition: AlphabetDefinition) {
    for (const { path, message } of faultsOf(definition)) {
      throw new RangeError(`[Alphabet] ${path.join('.')}: ${message}`);
    }
    this.kind = definition.kind;
    this.labels = [...definition.labels];
    this.blank = definition.blank;
    this.filler = definition.filler;
    const indexOfLabel = new Map(this.labels.map((label, index) => [label, index]));
    for (const index of [this.blank, this.filler]) {
      if (index !== undefined) indexOfLabel.delete(this.labels[index]!);
    }
    this.indexOfLabel = indexOfLabel;
    this.space = this.kind === 'characters' ? indexOfLabel.get(' ') : undefined;
  }

  /** How many labels there are, blank and filler among them. */
  get size(): number {
    return this.labels.length;
  }

  /**
   * The labels of a text, without blanks. The text is lower-cased, composed (NFC) and split at
   * whitespace; a text with no words has no labels. Throws `RangeError` on a word outside the
   * vocabulary if the alphabet has no filler.
   */
  encode(text: string): Int32Array {
    const encoded: number[] = [];
    let afterFiller = false;
    for (const word of wordsIn(text)) {
      const labels = this.labelsOfWord(word) ?? this.fillerFor(word);
      const isFiller = labels[0] === this.filler;
      if (isFiller && afterFiller) continue;
      if (this.space !== undefined && encoded.length > 0) encoded.push(this.space);
      encoded.push(...labels);
      afterFiller = isFiller;
    }
    return Int32Array.from(encoded);
  }

  /**
   * The text of labels that are already collapsed: words parted by single spaces, the filler dropped.
   * Throws `RangeError` on a blank or an index that is no label.
   */
  textOf(labels: Iterable<number>): string {
    let text = '';
    for (const index of labels) {
      const label = this.labels[index];
      if (label === undefined || index === this.blank) {
        throw new RangeError(
          `[Alphabet.textOf] expected labels in [0, ${this.size}) other than the blank ${this.blank}, got ${index}`,
        );
      }
      if (index !== this.filler) text += this.kind === 'words' ? ` ${label}` : label;
    }
    return text.replace(/ +/g, ' ').trim();
  }

  private labelsOfWord(word: string): number[] | undefined {
    const labels: number[] = [];
    for (const unit of this.kind === 'words' ? [word] : word) {
      const index = this.indexOfLabel.get(unit);
      if (index === undefined) return undefined;
      labels.push(index);
    }
    return labels;
  }

  private fillerFor(word: string): number[] {
    if (this.filler !== undefined) return [this.filler];
    throw new RangeError(
      `[Alphabet.encode] expected words made of the ${this.size} labels (there is no filler), got ${JSON.stringify(word)}`,
    );
  }
}

function wordsIn(text: string): string[] {
  const normal = normaliseText(text);
  return normal === '' ? [] : normal.split(' ');
}
