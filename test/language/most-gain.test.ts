import { describe, expect, it } from 'vitest';
import { HotwordAutomaton } from '../../src/language/hotword-automaton.ts';
import { HotwordScorer } from '../../src/language/hotword-scorer.ts';
import { labelScorerFor } from '../../src/language/label-language.ts';
import { LexiconLanguage } from '../../src/language/lexicon-language.ts';
import { LexiconScorer } from '../../src/language/lexicon-scorer.ts';
import { LexiconTree } from '../../src/language/lexicon-tree.ts';
import type { LabelScorer } from '../../src/language/scorers.ts';
import { Random } from '../../src/math/random.ts';
import { TableBigram } from '../reference/table-bigram.ts';

const alphabet = {
  kind: 'characters',
  labels: ['a', 'b', ' ', '<blank>'],
  blank: 3,
  filler: undefined,
  space: 2,
} as const;
const ofWords = {
  ...alphabet,
  kind: 'words',
  labels: ['a', 'b', 'c', '<blank>'],
  space: undefined,
} as const;
const hotwords = [
  { phrase: 'a b', weight: 3 },
  { phrase: 'b', weight: 1 },
  { phrase: 'b b a', weight: 2 },
  { phrase: 'a', weight: -2 },
];
const bigram = (words: readonly string[]) => new TableBigram(words, new Random(7), 0.2);

/** Labels that gain more than the most, of all that may follow in so many steps. */
function excesses(scorer: LabelScorer, state: number, steps: number): string[] {
  if (steps === 0) return [];
  const most = scorer.mostGain!(state);
  return [0, 1, 2].flatMap((label) => {
    const after = scorer.next(state, label);
    if (after < 0) return [];
    const gain = scorer.parts.reduce((sum, part) => sum + part, 0);
    const excess = gain > most + 1e-12 ? [`${state} ${label}: ${gain} above ${most}`] : [];
    return [...excess, ...excesses(scorer, after, steps - 1)];
  });
}

describe('the most that a label may gain', () => {
  const spelt = { ngram: bigram(['a', 'ab', 'bb']), wordScore: 0.75 };
  const pieces = new LexiconTree(
    [
      { word: 'a', labels: [0] },
      { word: 'bcc', labels: [1, 2, 2] },
    ],
    4,
    undefined,
  );
  const language = (lookAhead: 'exact' | 'fixed') =>
    new LexiconLanguage(pieces, bigram(['a', 'bcc']), { lookAhead });
  const scorers: [string, () => LabelScorer, boolean][] = [
    ['hotwords', () => new HotwordScorer(new HotwordAutomaton(alphabet, hotwords)), true],
    ['hotwords over words', () => new HotwordScorer(new HotwordAutomaton(ofWords, hotwords)), true],
    ['a lexicon', () => labelScorerFor(alphabet, spelt)!, true],
    ['a lexicon beneath hotwords', () => labelScorerFor(alphabet, { ...spelt, hotwords })!, true],
    ['word pieces', () => new LexiconScorer(language('exact'), { wordScore: 0.75 }), true],
    ['word pieces, look-ahead fixed', () => new LexiconScorer(language('fixed')), true],
    [
      'an open lexicon',
      () => labelScorerFor(alphabet, { ...spelt, open: { wordPenalty: -1, labelPenalty: 0 } })!,
      false,
    ],
    [
      'words beneath hotwords',
      () => labelScorerFor(ofWords, { ngram: bigram(['a']), hotwords })!,
      false,
    ],
  ];

  it.each(scorers)('is never exceeded: %s', (_, scorerOf, isKnown) => {
    const scorer = scorerOf();
    expect(scorer.mostGain!(scorer.start) < Infinity).toBe(isKnown);
    expect(excesses(scorer, scorer.start, 7)).toEqual([]);
  });
});
