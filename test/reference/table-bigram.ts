import type { WordScorer } from '../../src/language/scorers.ts';
import type { Random } from '../../src/math/random.ts';

/**
 * Bigrams in a full table, unknown words and the ends of a sentence among them: what a sequence of words is
 * worth is the sum over its pairs. Some pairs are impossible, some that are not gain.
 */
export class TableBigram implements WordScorer {
  readonly words: readonly string[];
  readonly start: number;
  logWeight = 0;
  /** (words + 2) × (words + 2); `[before * (words + 2) + word]`; unknown and sentence end come last */
  private readonly table: Float64Array;
  private readonly width: number;

  /** @param impossible share of the pairs that may not be */
  constructor(words: readonly string[], random: Random, impossible: number) {
    this.words = words;
    this.width = words.length + 2;
    this.start = words.length + 1;
    this.table = Float64Array.from({ length: this.width ** 2 }, () =>
      random.chance(impossible) ? -Infinity : random.uniform(-4, 1),
    );
  }

  next(state: number, word: number): number {
    const after = word < 0 ? this.words.length : word;
    this.logWeight = this.table[state * this.width + after]!;
    return this.logWeight === -Infinity ? -1 : after;
  }

  end(state: number): void {
    this.logWeight = this.table[state * this.width + this.words.length + 1]!;
  }

  /** The sum over a whole sentence. */
  worthOf(sentence: readonly string[]): number {
    const numbers = sentence.map((word) => {
      const number = this.words.indexOf(word);
      return number < 0 ? this.words.length : number;
    });
    let worth = 0;
    let before = this.start;
    for (const word of [...numbers, this.words.length + 1]) {
      worth += this.table[before * this.width + word]!;
      before = word;
    }
    return worth;
  }
}
