/**
 * Interpolated modified Kneser-Ney (Chen & Goodman 1999), each formula as it stands in the paper, over strings.
 * Of a text where the counts of counts give proper discounts for every order.
 */
export class KneserNeyByDefinition {
  private readonly order: number;
  /** Everything that can come: words, `</s>`, and `<unk>`. */
  private readonly vocabulary: readonly string[];
  private readonly counts = new Map<string, number>();
  /** What has been worked out already, by what was asked. */
  private readonly known = new Map<string, number>();

  constructor(sentences: readonly (readonly string[])[], order: number, vocabulary: string[]) {
    this.order = order;
    this.vocabulary = vocabulary;
    for (const sentence of sentences) {
      const words = ['<s>', ...sentence, '</s>'];
      for (let from = 0; from < words.length; from++) {
        for (let to = from + 1; to <= Math.min(words.length, from + order); to++) {
          const key = words.slice(from, to).join(' ');
          this.counts.set(key, 1 + (this.counts.get(key) ?? 0));
        }
      }
    }
  }

  prob(history: readonly string[], word: string): number {
    const length = history.length + 1;
    const seen = this.vocabulary.map((next) => this.adjusted([...history, next]));
    const total = seen.reduce((sum, count) => sum + count, 0);
    const shorter = () =>
      length === 1 ? 1 / this.vocabulary.length : this.prob(history.slice(1), word);
    if (total === 0) return shorter();
    const gamma = seen.reduce((sum, count) => sum + this.discount(length, count), 0) / total;
    const count = this.adjusted([...history, word]);
    return (count - this.discount(length, count)) / total + gamma * shorter();
  }

  /** The count of an n-gram of the highest order or from the start; else of different words before it. */
  private adjusted(words: readonly string[]): number {
    const key = words.join(' ');
    if (words.length === this.order || words[0] === '<s>') return this.counts.get(key) ?? 0;
    const before = ['<s>', ...this.vocabulary];
    return this.once(key, () => before.filter((word) => this.counts.has(`${word} ${key}`)).length);
  }

  private discount(length: number, count: number): number {
    if (count === 0) return 0;
    const n = (wanted: number) =>
      this.once(
        `# ${length} ${wanted}`,
        () =>
          [...this.counts.keys()]
            .map((key) => key.split(' '))
            .filter((words) => words.length === length && words.at(-1) !== '<s>')
            .filter((words) => this.adjusted(words) === wanted).length,
      );
    const y = n(1) / (n(1) + 2 * n(2));
    if (count === 1) return 1 - (2 * y * n(2)) / n(1);
    if (count === 2) return 2 - (3 * y * n(3)) / n(2);
    return 3 - (4 * y * n(4)) / n(3);
  }

  private once(question: string, answer: () => number): number {
    const known = this.known.get(question) ?? answer();
    this.known.set(question, known);
    return known;
  }
}
