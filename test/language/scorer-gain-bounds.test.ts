import { describe, expect, it } from 'vitest';
import { ChangeScorer } from '../../src/language/change-scorer.ts';
import { HotwordAutomaton } from '../../src/language/hotword-automaton.ts';
import { HotwordScorer } from '../../src/language/hotword-scorer.ts';
import { labelScorerFor } from '../../src/language/label-language.ts';
import { LexiconLanguage } from '../../src/language/lexicon-language.ts';
import { LexiconScorer } from '../../src/language/lexicon-scorer.ts';
import { LexiconTree } from '../../src/language/lexicon-tree.ts';
import { type LabelScorer, mostFavoured } from '../../src/language/scorers.ts';
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
const changes = { filler: 2, space: undefined, changeScore: -0.5 };
const bigram = (words: readonly string[]) => new TableBigram(words, new Random(7), 0.2);

/** Labels that gain more than they should, of all that may follow in so many steps. */
function excesses(scorer: LabelScorer, state: number, steps: number): string[] {
  if (steps === 0) return [];
  const { most, usual, favoured } = scorer.gainBounds!(state);
  const isListed =
    favoured.length <= mostFavoured &&
    favoured.every((label, place) => label > (favoured[place - 1] ?? -1));
  const faults = isListed ? [] : [`${state}: favours ${favoured.join()}`];
  for (const label of [0, 1, 2]) {
    const after = scorer.next(state, label);
    if (after < 0) continue;
    const gain = scorer.parts.reduce((sum, part) => sum + part, 0);
    const bound = favoured.includes(label) ? most : Math.min(most, usual);
    if (gain > bound + 1e-12) faults.push(`${state} ${label}: ${gain} above ${bound}`);
    faults.push(...excesses(scorer, after, steps - 1));
  }
  return faults;
}

describe('what labels may gain', () => {
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
    ['changes to other speech', () => new ChangeScorer(changes), true],
    [
      'hotwords beneath changes',
      () => new ChangeScorer(changes, new HotwordScorer(new HotwordAutomaton(ofWords, hotwords))),
      true,
    ],
    [
      'words beneath hotwords',
      () => labelScorerFor(ofWords, { ngram: bigram(['a']), hotwords })!,
      false,
    ],
  ];

  it.each(scorers)('is never exceeded: %s', (_, scorerOf, isKnown) => {
    const scorer = scorerOf();
    expect(scorer.gainBounds!(scorer.start).most < Infinity).toBe(isKnown);
    expect(excesses(scorer, scorer.start, 7)).toEqual([]);
  });

  it('is little after all labels but the few that go on with a phrase, however many begin one', () => {
    const letters = [...'abcdefghijkl'];
    const labels = [...letters, '<blank>'];
    const scorer = new HotwordScorer(
      new HotwordAutomaton({ ...ofWords, labels, blank: 12 }, [
        ...letters.map((phrase) => ({ phrase, weight: 1 })),
        { phrase: 'c d e', weight: 6 },
      ]),
    );
    const { most, usual, favoured } = scorer.gainBounds(scorer.next(scorer.start, 2));
    expect(favoured).toEqual([3]);
    // "d" is a word and two more of the six. All others take the two back and are a word, which "c" begins with.
    expect([most, usual]).toEqual([3, 1]);
  });
});
