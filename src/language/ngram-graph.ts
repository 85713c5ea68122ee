import { z } from 'zod';
import { checkGraphSize, type WordArc, type WordGraph } from './word-graph.ts';

/** What stands before the first word of a sentence and after the last. */
export const sentenceStart = '<s>';
export const sentenceEnd = '</s>';

/** One n-gram of a back-off model, natural logarithms. */
export const ngramSchema = z.strictObject({
  /** The history, then the word that follows it. */
  words: z.array(z.string().regex(/^\S+$/u, 'expected one word')).min(1),
  /** ln p(last word | the words before it) */
  logProb: z.number().max(0),
  /** ln weight of giving up these words as a history for the shorter one; 0 by default. */
  logBackoff: z.number().optional(),
});
export type Ngram = z.infer<typeof ngramSchema>;

/** What is wrong with the n-grams of a model, in the words of an error message, and at which of them. */
export type NgramFault = { readonly index: number; readonly message: string };

/**
 * A back-off n-gram model (Katz 1987) of any order as a graph. Its nodes are the histories that the model
 * knows; a word leads from one to the longest that ends the sentence so far, a silent arc from each to
 * the next shorter one at the weight of backing off. It starts after `<s>` (at no history if the model has
 * none) and ends as `</s>` does.
 *
 * Backing off is not forbidden where a longer n-gram is listed, which a graph cannot do without an arc for
 * every history and word: a sentence weighs as much as its best way through the graph. In a bigram model
 * whose listed bigrams are no less likely than backing off that is its probability, else a little more.
 *
 * Throws `RangeError` on n-grams that `ngramFaults` finds at fault and on graphs beyond `graphLimits`.
 */
export function compileNgrams(ngrams: readonly Ngram[]): WordGraph {
  for (const { index, message } of ngramFaults(ngrams)) {
    throw new RangeError(`[compileNgrams] n-gram ${index}: ${message}`);
  }
  const order = Math.max(...ngrams.map(({ words }) => words.length));
  const histories = ngrams.filter(
    ({ words }) => words.length < order && words.at(-1) !== sentenceEnd,
  );
  checkGraphSize('compileNgrams', histories.length + 1, histories.length + ngrams.length);
  const nodes = new Map([['', 0]]);
  for (const { words } of histories) nodes.set(words.join(' '), nodes.size);

  const longestHistory = (words: readonly string[]): number => {
    for (let from = 0; ; from++) {
      const node = nodes.get(words.slice(from).join(' '));
      if (node !== undefined) return node;
    }
  };
  const logFinal = new Float64Array(nodes.size).fill(-Infinity);
  const arcs: WordArc[] = histories.map(({ words, logBackoff }) => ({
    from: nodes.get(words.join(' '))!,
    to: longestHistory(words.slice(1)),
    word: undefined,
    logWeight: logBackoff ?? 0,
  }));
  for (const { words, logProb } of ngrams) {
    const word = words.at(-1)!;
    const from = nodes.get(words.slice(0, -1).join(' '))!;
    if (word === sentenceEnd) logFinal[from] = logProb;
    else if (word !== sentenceStart) {
      arcs.push({ from, to: longestHistory(words), word, logWeight: logProb });
    }
  }
  return { nodes: nodes.size, start: nodes.get(sentenceStart) ?? 0, logFinal, arcs };
}

/** Everything that keeps n-grams from being a back-off model. */
export function* ngramFaults(ngrams: readonly Ngram[]): Generator<NgramFault> {
  const known = new Map<string, number>();
  for (const [index, { words }] of ngrams.entries()) {
    const name = JSON.stringify(words.join(' '));
    const earlier = known.get(words.join(' '));
    if (earlier !== undefined) {
      yield { index, message: `expected each n-gram once, got ${name} at ${earlier} too` };
    }
    known.set(words.join(' '), earlier ?? index);
    if (words.lastIndexOf(sentenceStart) > 0) {
      yield { index, message: `expected ${sentenceStart} first only, got ${name}` };
    }
    if (words.slice(0, -1).includes(sentenceEnd)) {
      yield { index, message: `expected ${sentenceEnd} last only, got ${name}` };
    }
  }
  for (const [index, { words, logProb, logBackoff }] of ngrams.entries()) {
    const isStart = words.length === 1 && words[0] === sentenceStart;
    if (!Number.isFinite(logProb) && !isStart) {
      yield { index, message: `expected a finite logProb, got ${logProb}` };
    }
    if (logBackoff !== undefined && !Number.isFinite(logBackoff)) {
      yield { index, message: `expected a finite logBackoff, got ${logBackoff}` };
    }
    const history = words.slice(0, -1).join(' ');
    if (history !== '' && !known.has(history)) {
      yield { index, message: `expected the n-gram ${JSON.stringify(history)} too, got none` };
    }
  }
  if (!ngrams.some(({ words }) => words.at(-1) === sentenceEnd)) {
    yield { index: ngrams.length, message: `expected one that ends in ${sentenceEnd}, got none` };
  }
}
