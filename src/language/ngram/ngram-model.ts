import { sentenceEnd, sentenceStart } from '../ngram-graph.ts';
import { type NgramTree, ngramCounts } from './ngram-tree.ts';

/** What stands in a model for every word that it does not know. */
export const unknownWord = '<unk>';

/**
 * Words by number: first those that can be said, then `</s>`, then `<s>` and `<unk>` where a model has them.
 */
export type Vocabulary = {
  /** Those that can be said. */
  readonly words: readonly string[];
  /** Number of `</s>`. */
  readonly end: number;
  /** Number of `<s>`, or −1. */
  readonly begin: number;
  /** Number of `<unk>`, or −1. */
  readonly unknown: number;
  /** All of them. */
  readonly size: number;
};

/** The vocabulary of some words that can be said. */
export function vocabularyOf(
  words: readonly string[],
  { hasBegin, hasUnknown }: { readonly hasBegin: boolean; readonly hasUnknown: boolean },
): Vocabulary {
  const end = words.length;
  const begin = hasBegin ? end + 1 : -1;
  const size = end + 1 + Number(hasBegin) + Number(hasUnknown);
  return { words, end, begin, unknown: hasUnknown ? size - 1 : -1, size };
}

/** A word of a vocabulary as files write it. */
export function wordText({ words, end, begin }: Vocabulary, number: number): string {
  if (number < end) return words[number]!;
  if (number === end) return sentenceEnd;
  return number === begin ? sentenceStart : unknownWord;
}

/**
 * A back-off n-gram model (Katz 1987): p(w | h) is that of the n-gram h w where the model has it, and else
 * that of w after h without its first word, times the back-off weight of h where the model has h.
 *
 * An n-gram of the highest order takes 12 bytes, any other 20: word, suffix and probability four each, and
 * back-off weight and first child. Probabilities are rounded to 24 bits, as KenLM does.
 */
export type NgramModel = {
  readonly vocabulary: Vocabulary;
  /**
   * Here `suffix` is the longest proper suffix that matters as a history: a node with children or a back-off
   * weight. Other nodes have the same future as their suffix.
   */
  readonly tree: NgramTree;
  /** nodes; ln p(last word | the words before it); 0 at the root */
  readonly logProbs: Float32Array;
  /** levels[order]: nodes that may have children; ln back-off weight; 0 at the root */
  readonly logBackoffs: Float32Array;
  /** SHA-256, in hexadecimal, of the ARPA file that it was read from; of a model that was made here, zeros. */
  readonly sourceSha256: string;
};

/** What a model that is not read from a file has as its source. */
export const noSource = '0'.repeat(64);

/** Puts a model together; the suffixes of the tree become what `NgramModel` says of them. */
export function createModel(parts: NgramModel): NgramModel {
  const { tree, logBackoffs } = parts;
  const { suffix } = tree;
  // Suffixes are shorter, so that those of a node's suffix are done before it.
  for (let node = 1; node < suffix.length; node++) {
    const shorter = suffix[node]!;
    if (!matters(tree, logBackoffs, shorter)) suffix[node] = suffix[shorter]!;
  }
  return parts;
}

/** Whether a node's n-gram as a history has another future than its suffix has. */
export function matters(tree: NgramTree, logBackoffs: Float32Array, node: number): boolean {
  if (node >= logBackoffs.length) return false;
  return tree.firstChild[node + 1]! > tree.firstChild[node]! || logBackoffs[node] !== 0;
}

/** What a model takes in memory without its words: bytes of all arrays, and a share for each n-gram. */
export function memoryOf({ tree, logProbs, logBackoffs }: NgramModel): {
  readonly bytes: number;
  readonly bytesPerNgram: number;
} {
  const arrays = [tree.words, tree.firstChild, tree.suffix, logProbs, logBackoffs];
  const bytes = arrays.reduce((sum, array) => sum + array.byteLength, 0);
  const ngrams = ngramCounts(tree).reduce((sum, count) => sum + count);
  return { bytes, bytesPerNgram: bytes / ngrams };
}
