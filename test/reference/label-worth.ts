import type { Hotword } from '../../src/language/hotword.ts';
import type { OpenVocabulary } from '../../src/language/lexicon-scorer.ts';
import type { Spelling } from '../../src/language/lexicon-tree.ts';
import { type LabelScorer, scorePartCount } from '../../src/language/scorers.ts';

/** What a scorer says of a whole sequence, label by label and its end; undefined where it refuses it. */
export function worthByScorer(
  scorer: LabelScorer,
  labels: readonly number[],
): number[] | undefined {
  const sums = new Array<number>(scorePartCount).fill(0);
  const take = () => {
    for (let part = 0; part < scorePartCount; part++) sums[part]! += scorer.parts[part]!;
  };
  let state = scorer.start;
  for (const label of labels) {
    state = scorer.next(state, label);
    if (state < 0) return undefined;
    take();
  }
  scorer.end(state);
  take();
  return sums.includes(-Infinity) ? undefined : sums;
}

/** The labels of each word: runs between spaces. */
export function labelsBetween(labels: readonly number[], space: number): number[][] {
  const words: number[][] = [];
  for (const [index, label] of labels.entries()) {
    if (label === space) continue;
    if (index === 0 || labels[index - 1] === space) words.push([]);
    words.at(-1)!.push(label);
  }
  return words;
}

/** The labels of each word: runs that begin with a label of those that begin words. */
export function labelsFrom(labels: readonly number[], spellings: readonly Spelling[]): number[][] {
  const words: number[][] = [];
  for (const label of labels) {
    const begins = spellings.some((spelling) => spelling.labels[0] === label);
    if (begins || words.length === 0) words.push([]);
    words.at(-1)!.push(label);
  }
  return words;
}

/**
 * What words, given by their labels, are worth by definition, or undefined where they may not be said.
 *
 * @param worthOf ln weight of a sentence
 */
export function lexiconWorth(
  words: readonly (readonly number[])[],
  spellings: readonly Spelling[],
  worthOf: (sentence: readonly string[]) => number,
  wordScore: number,
  open?: OpenVocabulary,
): { language: number; words: number } | undefined {
  const sentence = words.map(
    (labels) => spellings.find((spelling) => spelling.labels.join() === labels.join())?.word,
  );
  const outside = words.filter((_, index) => sentence[index] === undefined);
  if (outside.length > 0 && open === undefined) return undefined;
  const language = worthOf(sentence.map((word) => word ?? 'a word outside'));
  if (language === -Infinity) return undefined;
  const penalties = outside.reduce(
    (sum, labels) => sum + open!.wordPenalty + labels.length * open!.labelPenalty,
    0,
  );
  return { language, words: words.length * wordScore + penalties };
}

/** The weight of every phrase, each time that its words stand in the text one after the other. */
export function hotwordWorth(text: readonly string[], hotwords: readonly Hotword[]): number {
  let worth = 0;
  for (const { phrase, weight } of hotwords) {
    const words = phrase.split(' ');
    for (let at = 0; at + words.length <= text.length; at++) {
      if (words.every((word, index) => text[at + index] === word)) worth += weight;
    }
  }
  return worth;
}
