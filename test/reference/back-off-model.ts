/** An n-gram as an ARPA file has it, logarithms to base 10 as text. */
export type WrittenNgram = {
  readonly words: readonly string[];
  readonly prob: string;
  /** '' for none */
  readonly backoff: string;
};

/** The ARPA file of some n-grams, in their order. */
export function arpaFile(ngrams: readonly WrittenNgram[]): string {
  const order = Math.max(...ngrams.map(({ words }) => words.length));
  const lengths = Array.from({ length: order }, (_, index) => index + 1);
  const ofLength = (length: number) => ngrams.filter(({ words }) => words.length === length);
  const counts = lengths.map((length) => `ngram ${length}=${ofLength(length).length}`);
  const sections = lengths.map((length) =>
    [
      `\\${length}-grams:`,
      ...ofLength(length).map(({ words, prob, backoff }) =>
        [prob, words.join(' '), ...(backoff === '' ? [] : [backoff])].join('\t'),
      ),
    ].join('\n'),
  );
  return `\\data\\\n${counts.join('\n')}\n\n${sections.join('\n\n')}\n\n\\end\\\n`;
}

/**
 * What an ARPA file means, by its definition: the probability of a word is that of the n-gram with the whole
 * history, or, where there is none, the back-off weight of the history (1 if it has none) times that of the
 * word after the history without its first word. In natural logarithms of 24 bits, as the model keeps them.
 */
export class BackOffModel {
  private readonly order: number;
  private readonly logProbs = new Map<string, number>();
  private readonly logBackoffs = new Map<string, number>();

  constructor(ngrams: readonly WrittenNgram[]) {
    this.order = ngrams.reduce((longest, { words }) => Math.max(longest, words.length), 0);
    for (const { words, prob, backoff } of ngrams) {
      this.logProbs.set(words.join(' '), Math.fround(Number(prob) * Math.LN10));
      this.logBackoffs.set(words.join(' '), Math.fround(Number(backoff) * Math.LN10));
    }
  }

  /** @param paid what backing off has cost already: added first, so that sums are the same to the bit */
  logProb(history: readonly string[], word: string, paid = 0): number {
    const used = history.slice(Math.max(0, history.length - this.order + 1));
    const listed = this.logProbs.get([...used, word].join(' '));
    if (listed !== undefined) return paid + listed;
    if (used.length === 0) return -Infinity;
    const weight = this.logBackoffs.get(used.join(' ')) ?? 0;
    return this.logProb(used.slice(1), word, paid + weight);
  }
}
