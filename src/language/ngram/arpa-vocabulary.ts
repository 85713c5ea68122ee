import { sentenceEnd, sentenceStart } from '../ngram-graph.ts';
import type { ArpaNgram } from './arpa-ngrams.ts';
import { unknownWord, type Vocabulary, vocabularyOf } from './ngram-model.ts';

/** Some toolkits write the unknown word like this. */
const capitalUnknownWord = '<UNK>';

/** The 1-grams of an ARPA file as they come. */
export class ArpaVocabulary {
  private readonly entries = new Map<string, ArpaNgram & { readonly line: number }>();

  get size(): number {
    return this.entries.size;
  }

  /** @returns what is wrong with it, in the words of an error message */
  add(ngram: ArpaNgram, line: number): string | undefined {
    const [written] = ngram.words;
    const word = written === capitalUnknownWord ? unknownWord : written!;
    const earlier = this.entries.get(word);
    if (earlier !== undefined) {
      return `expected each n-gram once, got ${JSON.stringify(word)} on line ${earlier.line} too`;
    }
    this.entries.set(word, { ...ngram, line });
    return undefined;
  }

  /** Words that can be said in the order of the file; or what is missing, in the words of an error message. */
  finish(): ArpaUnigrams | string {
    if (!this.entries.has(sentenceEnd))
      return `expected ${sentenceEnd} among the 1-grams, got none`;
    const hasBegin = this.entries.has(sentenceStart);
    const hasUnknown = this.entries.has(unknownWord);
    const special = new Set([sentenceEnd, sentenceStart, unknownWord]);
    const words = [...this.entries.keys()].filter((word) => !special.has(word));
    const vocabulary = vocabularyOf(words, { hasBegin, hasUnknown });
    const all = [...words, sentenceEnd];
    if (hasBegin) all.push(sentenceStart);
    if (hasUnknown) all.push(unknownWord);
    const numbers = new Map(all.map((word, number) => [word, number]));
    if (hasUnknown) numbers.set(capitalUnknownWord, vocabulary.unknown);
    return {
      vocabulary,
      numbers,
      logProbs: Float32Array.from(all, (word) => this.entries.get(word)!.logProb),
      logBackoffs: Float32Array.from(all, (word) => this.entries.get(word)!.logBackoff),
    };
  }
}

export type ArpaUnigrams = {
  readonly vocabulary: Vocabulary;
  /** From words as files write them to their numbers. */
  readonly numbers: ReadonlyMap<string, number>;
  /** vocabulary */
  readonly logProbs: Float32Array;
  /** vocabulary */
  readonly logBackoffs: Float32Array;
};
