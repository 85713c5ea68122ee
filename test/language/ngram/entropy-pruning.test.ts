import { describe, expect, it } from 'vitest';
import { entropyGrowth, pruneByEntropy } from '../../../src/language/ngram/entropy-pruning.ts';
import type { NgramModel } from '../../../src/language/ngram/ngram-model.ts';
import { NgramScorer } from '../../../src/language/ngram/ngram-scorer.ts';
import { findChild, historiesOf, ngramCounts } from '../../../src/language/ngram/ngram-tree.ts';
import { largestDeviation } from '../../../src/language/ngram/normalisation.ts';
import { Random } from '../../../src/math/random.ts';
import { entropyGrowthByDefinition } from '../../reference/entropy-growth.ts';
import { asArpa, estimated, parseArpa, randomText } from './made-up-models.ts';

const letters = ['a', 'b', 'c', 'd', 'e', 'f'];
const madeUp = (seed: number, order: number) =>
  estimated(randomText(new Random(seed), 200, letters), order);

/** Everything that can come. */
const outcomes = ({ vocabulary }: NgramModel) =>
  Array.from({ length: vocabulary.size }, (_, word) => word).filter(
    (word) => word !== vocabulary.begin,
  );

/** nodes; ln of how much the entropy grows without each n-gram, by the definition; NaN of words alone */
function growths(model: NgramModel): Float64Array {
  const { vocabulary, tree, logProbs, logBackoffs } = model;
  const scorer = new NgramScorer(model);
  const words = outcomes(model);
  const histories = historiesOf(tree);
  const historyProb = (node: number): number => {
    if (node === 0) return 1;
    const asked = node === 1 + vocabulary.begin ? 1 + vocabulary.end : node;
    return Math.exp(logProbs[asked]!) * historyProb(histories[node]!);
  };
  const all = new Float64Array(tree.words.length).fill(Number.NaN);
  for (let history = 1; history < logBackoffs.length; history++) {
    const probs = words.map((word) => Math.exp(scorer.weightOf(history, word)));
    const shorter = words.map((word) => Math.exp(scorer.weightOf(tree.suffix[history]!, word)));
    const listed = words.map((word) => findChild(tree, history, word) >= 0);
    for (const [place, word] of words.entries()) {
      if (!listed[place]) continue;
      const growth = entropyGrowthByDefinition(historyProb(history), probs, shorter, listed, place);
      all[findChild(tree, history, word)] = growth;
    }
  }
  return all;
}

/** The n-grams of a model, as text. */
function ngramsOf(model: NgramModel): Set<string> {
  const lines = asArpa(model).split('\n');
  return new Set(lines.filter((line) => line.includes('\t')).map((line) => line.split('\t')[1]!));
}

describe('pruneByEntropy', () => {
  it('removes what the entropy hardly grows without, by its definition, and nothing else', () => {
    for (const [seed, order] of [
      [1, 2],
      [2, 3],
      [3, 4],
    ] as const) {
      const model = madeUp(seed, order);
      const { tree } = model;
      const growth = growths(model);
      for (const threshold of [1e-5, 1e-4, 1e-3]) {
        const keep = growth.map((nats) => (Math.expm1(nats) < threshold ? 0 : 1));
        const histories = historiesOf(tree);
        for (let node = keep.length - 1; node > 0; node--) {
          if (keep[node] === 1) keep[histories[node]!] = 1;
        }
        const expected = Array.from({ length: order }, (_, index) =>
          keep.slice(tree.levels[index + 1]!, tree.levels[index + 2]!).reduce((a, b) => a + b, 0),
        );
        const smaller = pruneByEntropy(model, threshold);
        expect(ngramCounts(smaller.tree)).toEqual(expected);
        expect([...ngramsOf(model)].length - [...ngramsOf(smaller)].length).toBeGreaterThan(0);
        expect([...ngramsOf(smaller)].every((ngram) => ngramsOf(model).has(ngram))).toBe(true);
      }
    }
  });

  it('has a formula that is the definition', () => {
    const model = madeUp(4, 3);
    const { tree, logProbs, logBackoffs } = model;
    const scorer = new NgramScorer(model);
    const words = outcomes(model);
    const all = growths(model);
    const histories = historiesOf(tree);
    for (let node = tree.levels[2]!; node < all.length; node++) {
      const history = histories[node]!;
      const logShorter = (word: number) => scorer.weightOf(tree.suffix[history]!, word);
      const unlisted = words.filter((word) => findChild(tree, history, word) < 0);
      const relative = entropyGrowth({
        historyProb: 1,
        logProb: logProbs[node]!,
        logShorter: logShorter(tree.words[node]!),
        logBackoff: logBackoffs[history]!,
        unlistedShorter: unlisted.reduce((sum, word) => sum + Math.exp(logShorter(word)), 0),
      });
      const shortest = entropyGrowth({
        historyProb: 0,
        logProb: -1,
        logShorter: -2,
        logBackoff: -1,
        unlistedShorter: 0.5,
      });
      expect(shortest).toBeCloseTo(0, 15);
      const ratio = relative === 0 ? 1 : all[node]! / relative;
      expect(ratio).toBeGreaterThan(0);
      expect(ratio).toBeLessThan(1.001);
    }
  });

  it('leaves probabilities that add up to one after every history', () => {
    for (const threshold of [0, 1e-6, 1e-4, 1e-2, 1]) {
      const model = pruneByEntropy(madeUp(5, 4), threshold);
      const scorer = new NgramScorer(model);
      for (let history = 0; history < model.logBackoffs.length; history++) {
        const sum = outcomes(model).reduce(
          (total, word) => total + Math.exp(scorer.weightOf(history, word)),
          0,
        );
        expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
      }
      expect(largestDeviation(model)).toBeLessThan(1e-6);
    }
  });

  it('leaves single words alone at a threshold that nothing reaches', () => {
    const model = pruneByEntropy(madeUp(6, 3), 1e6);
    expect(ngramCounts(model.tree)).toEqual([letters.length + 3, 0, 0]);
  });

  it('changes nothing at a threshold that everything reaches, but for rounding', () => {
    const model = madeUp(7, 3);
    const same = pruneByEntropy(model, 0);
    expect(same.tree).toEqual(model.tree);
    expect(same.logProbs).toEqual(model.logProbs);
    for (const [node, logBackoff] of same.logBackoffs.entries()) {
      expect(Math.abs(logBackoff - model.logBackoffs[node]!)).toBeLessThan(1e-4);
    }
  });

  it('gives a model that is read from its file as it was', () => {
    const model = pruneByEntropy(parseArpa(asArpa(madeUp(8, 3))), 1e-3);
    expect(parseArpa(asArpa(model))).toEqual(model);
  });

  it('refuses a threshold that is none', () => {
    expect(() => pruneByEntropy(madeUp(9, 2), Number.NaN)).toThrow('a threshold from 0, got NaN');
  });
});

describe('largestDeviation', () => {
  it('says how far a model is from adding up to one', () => {
    const file = (backoff: string) =>
      parseArpa(
        [
          ...['\\data\\', 'ngram 1=2', 'ngram 2=1', '\\1-grams:', `-0.30103\ta\t${backoff}`],
          ...['-0.30103\t</s>', '\\2-grams:', '-0.60206\ta a', '\\end\\'],
        ].join('\n'),
      );
    // After a: ¼, and what is left of ½ at the weight 1.5 or 1.
    expect(largestDeviation(file('0.176091'))).toBeLessThan(1e-6);
    expect(largestDeviation(file('0'))).toBeCloseTo(0.25, 6);
  });
});
