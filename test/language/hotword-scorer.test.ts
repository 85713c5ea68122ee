import { describe, expect, it } from 'vitest';
import { compileFiniteGrammar } from '../../src/language/finite-grammar.ts';
import type { Hotword } from '../../src/language/hotword.ts';
import { HotwordAutomaton } from '../../src/language/hotword-automaton.ts';
import { HotwordScorer } from '../../src/language/hotword-scorer.ts';
import { LexiconLanguage } from '../../src/language/lexicon-language.ts';
import { LexiconScorer } from '../../src/language/lexicon-scorer.ts';
import { treeOfWords } from '../../src/language/lexicon-tree.ts';
import { type LabelScorer, scorePart } from '../../src/language/scorers.ts';
import { WordGraphScorer } from '../../src/language/word-graph-scorer.ts';
import { Random } from '../../src/math/random.ts';
import { pathsOver } from '../reference/ctc-enumeration.ts';
import { hotwordWorth, worthByScorer } from '../reference/label-worth.ts';

const characters = {
  kind: 'characters',
  labels: ['a', 'b', ' ', '<blank>', '<other>'],
  blank: 3,
  filler: 4,
  space: 2,
} as const;
const wordLabels = {
  kind: 'words',
  labels: ['a', 'b', 'c', '<blank>', '<other>'],
  blank: 3,
  filler: 4,
  space: undefined,
} as const;

const textOf = (labels: readonly number[]) =>
  labels.map((label) => characters.labels[label]!).join('');
const wordsOf = (text: string) => text.split(' ').filter((word) => word !== '');

function* sequences(most: number): Generator<number[]> {
  for (let length = 0; length <= most; length++) yield* pathsOver(length, 3);
}

/** Phrases of up to three words of up to three letters; some twice, some discouraged. */
function randomHotwords(random: Random, letters: readonly string[], most: number): Hotword[] {
  const some = (item: () => string, count: number) =>
    Array.from({ length: 1 + random.integer(count) }, item);
  return Array.from({ length: 1 + random.integer(5) }, () => ({
    phrase: some(() => some(() => random.pick(letters), most).join(''), 3).join(' '),
    weight: random.uniform(-2, 5),
  }));
}

/** The hotwords part of a sequence, or NaN where the others are not 0. */
function sumOf(scorer: LabelScorer, labels: readonly number[]): number {
  const [language, words, hotwords] = worthByScorer(scorer, labels)!;
  return language === 0 && words === 0 ? hotwords! : Number.NaN;
}

describe('hotwords', () => {
  it('are worth their weights as often as a naive search finds them as whole words', () => {
    const random = new Random(31);
    for (let trial = 0; trial < 30; trial++) {
      const hotwords = randomHotwords(random, ['a', 'b'], 3);
      const scorer = new HotwordScorer(new HotwordAutomaton(characters, hotwords));
      const wrong = [...sequences(6)].filter((labels) => {
        const expected = hotwordWorth(wordsOf(textOf(labels)), hotwords);
        return !(Math.abs(sumOf(scorer, labels) - expected) < 1e-9);
      });
      expect(wrong.map(textOf), JSON.stringify(hotwords)).toEqual([]);
    }
  });

  it('are found where labels are words', () => {
    const random = new Random(32);
    for (let trial = 0; trial < 30; trial++) {
      const hotwords = randomHotwords(random, ['a', 'b', 'c'], 1);
      const scorer = new HotwordScorer(new HotwordAutomaton(wordLabels, hotwords));
      const wrong = [...sequences(6)].filter((labels) => {
        const words = labels.map((label) => wordLabels.labels[label]!);
        return !(Math.abs(sumOf(scorer, labels) - hotwordWorth(words, hotwords)) < 1e-9);
      });
      expect(wrong, JSON.stringify(hotwords)).toEqual([]);
    }
  });

  it('give credit in proportion to progress, take it back, and give it where the phrase is done', () => {
    const scorer = new HotwordScorer(
      new HotwordAutomaton(characters, [{ phrase: 'ab a', weight: 8 }]),
    );
    const gains = (text: string): number[] => {
      let state = scorer.start;
      const said = [...text].map((label) => {
        state = scorer.next(state, characters.labels.indexOf(label as 'a'));
        return scorer.parts[scorePart.hotwords]!;
      });
      scorer.end(state);
      return [...said, scorer.parts[scorePart.hotwords]!];
    };
    expect(gains('ab a')).toEqual([2, 2, 2, 2, 0]);
    expect(gains('ab b')).toEqual([2, 2, 2, -6, 0]);
    expect(gains('ab aa')).toEqual([2, 2, 2, 2, -8, 0]);
    expect(gains('ab a ab a')).toEqual([2, 2, 2, 2, 0, 2, 2, 2, 2, 0]);
    expect(gains('ab')).toEqual([2, 2, -4]);
    expect(gains('bab a')).toEqual([0, 0, 0, 0, 2, -2]);
  });

  it('hold nothing against a sequence before a discouraged phrase is complete', () => {
    const discouraged = [{ phrase: 'ab', weight: -3 }];
    const scorer = new HotwordScorer(new HotwordAutomaton(characters, discouraged));
    const inside = scorer.next(scorer.next(scorer.start, 0), 1);
    expect(scorer.parts[scorePart.hotwords]).toBe(0);
    scorer.next(inside, 2);
    expect(scorer.parts[scorePart.hotwords]).toBe(-3);
  });

  it('pass over the filler, which prints nothing', () => {
    const phrase = [{ phrase: 'ab', weight: 1 }];
    const scorer = new HotwordScorer(new HotwordAutomaton(characters, phrase));
    expect(sumOf(scorer, [4, 0, 4, 1, 4])).toBe(1);
  });

  it('are read as text is: any case, any white space, composed', () => {
    const alphabet = { ...characters, labels: ['é', 'b', ' ', '<blank>', '<other>'] };
    const phrase = [{ phrase: '  E\u0301B \n b', weight: 1 }];
    const scorer = new HotwordScorer(new HotwordAutomaton(alphabet, phrase));
    expect(sumOf(scorer, [0, 1, 2, 1])).toBe(1);
  });

  it('add up with what lies beneath, and refuse what that refuses', () => {
    const hotwords = [
      { phrase: 'a ba', weight: 2 },
      { phrase: 'ba', weight: 0.5 },
    ];
    const graph = compileFiniteGrammar({
      repeat: { alternatives: ['a', 'ba', 'bb'] },
      min: 1,
      max: 3,
    });
    const arcs = graph.arcs.map((arc) => ({ ...arc, logWeight: arc.word === 'a' ? -1 : -0.25 }));
    const tree = treeOfWords(characters, ['a', 'ba', 'bb']);
    const beneath = () =>
      new LexiconScorer(new LexiconLanguage(tree, new WordGraphScorer({ ...graph, arcs })), {
        wordScore: 0.75,
      });
    const alone = beneath();
    const scorer = new HotwordScorer(new HotwordAutomaton(characters, hotwords), beneath());
    let allowed = 0;
    for (const labels of sequences(7)) {
      const below = worthByScorer(alone, labels);
      const worth = worthByScorer(scorer, labels);
      if (below === undefined || worth === undefined) {
        expect(worth, textOf(labels)).toBe(below);
        continue;
      }
      allowed++;
      expect(worth.slice(0, 2), textOf(labels)).toEqual(below.slice(0, 2));
      const expected = hotwordWorth(wordsOf(textOf(labels)), hotwords);
      expect(worth[scorePart.hotwords]).toBeCloseTo(expected, 9);
    }
    expect(allowed).toBeGreaterThan(20);
  });

  it.each([
    [
      'a word that the labels cannot spell',
      { phrase: 'ab cab', weight: 1 },
      /words made of its labels, got "cab" in "ab cab"/u,
    ],
    ['nothing', { phrase: ' ', weight: 1 }, /hotwords\[1\]\.phrase: expected words, got " "/u],
    [
      'a weight that is no number',
      { phrase: 'a', weight: Number.NaN },
      /hotwords\[1\]\.weight: .* NaN/u,
    ],
    [
      'more labels than there may be',
      { phrase: 'a'.repeat(100_000), weight: 1 },
      /at most 100000 labels/u,
    ],
  ])('are refused with %s', (_, hotword, message) => {
    const build = () => new HotwordAutomaton(characters, [{ phrase: 'a', weight: 1 }, hotword]);
    expect(build).toThrow(message);
    expect(build).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'hotwords' }) as Error,
    );
  });

  it('are refused with a word outside a vocabulary, named short', () => {
    const long = 'x'.repeat(1000);
    const build = () => new HotwordAutomaton(wordLabels, [{ phrase: `a ${long}`, weight: 1 }]);
    expect(build).toThrow(/words of the model’s vocabulary, got "x{57}…" in "a x{55}…"/u);
  });
});
