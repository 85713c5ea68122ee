import { describe, expect, it } from 'vitest';
import { perplexitiesOf, sumScores, TextScorer } from '../../../src/language/ngram/perplexity.ts';
import { arpaFile, type WrittenNgram } from '../../reference/back-off-model.ts';
import { parseArpa } from './made-up-models.ts';

/** p(a) = ½, p(b) = ¼, p(</s>) = ⅛, p(<unk>) = ⅛; p(a | <s>) = ½ and else ½ of that without <s>. */
const ngrams: WrittenNgram[] = [
  { words: ['<s>'], prob: '-99', backoff: String(Math.log10(1 / 2)) },
  { words: ['a'], prob: String(Math.log10(1 / 2)), backoff: '' },
  { words: ['b'], prob: String(Math.log10(1 / 4)), backoff: '' },
  { words: ['</s>'], prob: String(Math.log10(1 / 8)), backoff: '' },
  { words: ['<unk>'], prob: String(Math.log10(1 / 8)), backoff: '' },
  { words: ['<s>', 'a'], prob: String(Math.log10(1 / 2)), backoff: '' },
];
const scoreOf = (model: readonly WrittenNgram[], ...texts: readonly string[]) => {
  const scorer = new TextScorer(parseArpa(arpaFile(model)));
  for (const text of texts) scorer.add(text.split(' '));
  return scorer.take();
};

describe('perplexity', () => {
  it('is the inverse of the mean probability, worked by hand', () => {
    // a b </s>: 1/2 · 1/4 · 1/8; b x a </s>: 1/8 · 1/8 (unknown) · 1/2 · 1/8
    const score = scoreOf(ngrams, 'a b', 'b x a');
    expect(score).toMatchObject({ sentences: 2, words: 5, unknown: 1, impossible: 0 });
    const { withEnds, withoutEnds, withUnknown } = perplexitiesOf(score, true);
    // Known words: 1 + 2 + 3 + 1 = 7 bits of four; ends: 6 bits of two; the unknown word 3 bits.
    expect(withoutEnds).toBeCloseTo(2 ** (7 / 4), 6);
    expect(withEnds).toBeCloseTo(2 ** (13 / 6), 6);
    expect(withUnknown).toBeCloseTo(2 ** (16 / 7), 6);
  });

  it('leaves unknown words out where a model has no <unk>, and goes on without a history', () => {
    const score = scoreOf(
      ngrams.filter(({ words }) => words[0] !== '<unk>'),
      'x a',
    );
    expect(score).toMatchObject({ words: 2, unknown: 1, logProbOfUnknown: 0 });
    const { withEnds, withUnknown } = perplexitiesOf(score, false);
    expect(withEnds).toBeCloseTo(2 ** ((1 + 3) / 2), 6);
    expect(withUnknown).toBeNull();
  });

  it('is infinite where something impossible was said', () => {
    const score = scoreOf(
      ngrams.map((ngram) => (ngram.words[0] === 'b' ? { ...ngram, prob: '-inf' } : ngram)),
      'a b a',
    );
    expect(score.impossible).toBe(1);
    expect(perplexitiesOf(score, true).withEnds).toBe(Infinity);
  });

  it('of nothing is none', () => {
    const { withEnds, withoutEnds, withUnknown } = perplexitiesOf(sumScores([]), true);
    expect([withEnds, withoutEnds, withUnknown]).toEqual([null, null, null]);
  });

  it('of several texts is that of all their words', () => {
    const parts = ['a b', 'b x a'].map((text) => scoreOf(ngrams, text));
    expect(sumScores(parts)).toEqual(scoreOf(ngrams, 'a b', 'b x a'));
  });
});
