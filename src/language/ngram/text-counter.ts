import { sentenceEnd, sentenceStart } from '../ngram-graph.ts';
import { NgramCounter, type NgramCounts } from './ngram-counter.ts';
import { unknownWord, vocabularyOf } from './ngram-model.ts';

export type TextCounterOptions = {
  /** Length of the longest n-grams. */
  readonly order: number;
  /** The words that the model is to know; by default those of the text. */
  readonly vocabulary?: readonly string[];
  /**
   * Whether the model has `<unk>`, which then stands for words outside the vocabulary. If it does not, sentences
   * with such words are left out.
   */
  readonly open: boolean;
};

/** Counts the n-grams of a text. What comes out does not depend on the order of the sentences. */
export class TextCounter {
  /** Words outside the vocabulary that count as `<unk>`. */
  unknown = 0;
  /** Sentences that were left out. */
  leftOut = 0;

  private readonly counter: NgramCounter;
  private readonly open: boolean;
  private readonly growing: boolean;
  /** From words to numbers in the order in which they came; `<unk>` is 0. */
  private readonly numbers = new Map<string, number>();

  constructor({ order, vocabulary, open }: TextCounterOptions) {
    this.counter = new NgramCounter(order);
    this.open = open;
    this.growing = vocabulary === undefined;
    for (const word of vocabulary ?? []) {
      if (word !== unknownWord) this.numberOf(checkedWord(word));
    }
  }

  /** Sentences that were counted. */
  get sentences(): number {
    return this.counter.sentences;
  }

  /** Words of the sentences that were counted. */
  get words(): number {
    return this.counter.words;
  }

  /** Throws `RangeError` when one of the words is `<s>` or `</s>`. */
  add(words: readonly string[]): void {
    const numbers: number[] = [];
    let unknown = 0;
    for (const word of words) {
      const number = word === unknownWord ? 0 : this.lookUp(word);
      if (number === 0) unknown++;
      numbers.push(number);
    }
    if (unknown > 0 && !this.open) this.leftOut++;
    else {
      this.unknown += unknown;
      this.counter.add(numbers);
    }
  }

  /** Words are numbered by their letters (UTF-16). */
  finish(): NgramCounts {
    const words = [...this.numbers.keys()].sort();
    const vocabulary = vocabularyOf(words, { hasBegin: true, hasUnknown: this.open });
    const sorted = new Uint32Array(1 + words.length);
    if (this.open) sorted[0] = vocabulary.unknown;
    for (const [place, word] of words.entries()) sorted[this.numbers.get(word)!] = place;
    return this.counter.finish(vocabulary, sorted);
  }

  /** 0 for a word outside the vocabulary. */
  private lookUp(word: string): number {
    const known = this.numbers.get(word);
    if (known !== undefined) return known;
    return this.growing ? this.numberOf(checkedWord(word)) : 0;
  }

  private numberOf(word: string): number {
    const number = this.numbers.get(word) ?? 1 + this.numbers.size;
    this.numbers.set(word, number);
    return number;
  }
}

function checkedWord(word: string): string {
  if (word === '' || /\s/u.test(word) || word === sentenceStart || word === sentenceEnd) {
    throw new RangeError(
      `[TextCounter] expected a word that can be said, got ${JSON.stringify(word)}`,
    );
  }
  return word;
}
