import { numbersOf } from './combined-scorer.ts';
import type { LabelAlphabet } from './label-alphabet.ts';
import { type LabelScorer, scorePart, scorePartCount, type WordScorer } from './scorers.ts';

/**
 * A `WordScorer` over labels that are words: `language` is its weight, `words` is `wordScore` for each label.
 * The filler may stand anywhere and is worth nothing.
 */
export class WordLabelScorer implements LabelScorer {
  readonly start: number;
  readonly parts = new Float64Array(scorePartCount);
  private readonly scorer: WordScorer;
  private readonly wordScore: number;
  private readonly filler: number;
  /** labels; their numbers in the scorer, or −1 */
  private readonly numbers: Int32Array;

  constructor(alphabet: LabelAlphabet, scorer: WordScorer, wordScore = 0) {
    this.start = scorer.start;
    this.scorer = scorer;
    this.wordScore = wordScore;
    this.filler = alphabet.filler ?? -1;
    this.numbers = numbersOf(alphabet.labels, scorer);
  }

  next(state: number, label: number): number {
    const { parts, scorer } = this;
    parts.fill(0);
    if (label === this.filler) return state;
    const after = scorer.next(state, this.numbers[label]!);
    parts[scorePart.language] = scorer.logWeight;
    parts[scorePart.words] = this.wordScore;
    return after;
  }

  end(state: number): void {
    this.parts.fill(0);
    this.scorer.end(state);
    this.parts[scorePart.language] = this.scorer.logWeight;
  }
}
