import { PairTable } from './pair-table.ts';
import type { WordScorer } from './scorers.ts';

/** Any words in any order, worth nothing. */
export const anyWords: WordScorer = {
  words: [],
  start: 0,
  logWeight: 0,
  next: () => 0,
  end: () => {},
};

/**
 * Two scorers at once, a grammar and an n-gram model say: what both allow, at the sum of their weights. The
 * words are those of the first, and all others unknown ones. The pairs of states that have been met are kept
 * as long as the scorer: make one for each recording.
 */
export class CombinedScorer implements WordScorer {
  readonly words: readonly string[];
  readonly start: number;
  logWeight = 0;
  private readonly first: WordScorer;
  private readonly second: WordScorer;
  /** words; their numbers in the second, or −1 */
  private readonly numbers: Int32Array;
  private readonly states = new PairTable();

  constructor(first: WordScorer, second: WordScorer) {
    this.first = first;
    this.second = second;
    this.words = first.words;
    this.numbers = numbersOf(first.words, second);
    this.start = this.states.add(first.start, second.start);
  }

  next(state: number, word: number): number {
    const { first, second, states } = this;
    this.logWeight = -Infinity;
    const firstAfter = first.next(states.first[state]!, word);
    if (firstAfter < 0) return -1;
    const secondAfter = second.next(states.second[state]!, word < 0 ? -1 : this.numbers[word]!);
    if (secondAfter < 0) return -1;
    this.logWeight = first.logWeight + second.logWeight;
    return states.add(firstAfter, secondAfter);
  }

  end(state: number): void {
    this.first.end(this.states.first[state]!);
    this.second.end(this.states.second[state]!);
    this.logWeight = this.first.logWeight + this.second.logWeight;
  }
}

/** The numbers that a scorer has for words; −1 for those it does not know. */
export function numbersOf(words: readonly string[], scorer: WordScorer): Int32Array {
  const numberOf = new Map(scorer.words.map((word, number) => [word, number]));
  return Int32Array.from(words, (word) => numberOf.get(word) ?? -1);
}
