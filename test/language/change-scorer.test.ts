import { describe, expect, it } from 'vitest';
import { ChangeScorer } from '../../src/language/change-scorer.ts';
import { labelScorerFor } from '../../src/language/label-language.ts';
import type { LabelScorer } from '../../src/language/scorers.ts';
import { Random } from '../../src/math/random.ts';
import { pathsOver } from '../reference/ctc-enumeration.ts';
import { worthByScorer } from '../reference/label-worth.ts';
import { TableBigram } from '../reference/table-bigram.ts';

const words = {
  kind: 'words',
  labels: ['a', 'b', '<other>', '<blank>'],
  blank: 3,
  filler: 2,
  space: undefined,
} as const;
const characters = {
  kind: 'characters',
  labels: ['a', ' ', '<other>', '<blank>'],
  blank: 3,
  filler: 2,
  space: 1,
} as const;

/** How often a sequence changes between the filler and anything else, `neutral` aside. */
function changesOf(labels: readonly number[], neutral?: number): number {
  const kinds = labels.filter((label) => label !== neutral).map((label) => label === 2);
  return kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
}

describe('changes between words and other speech', () => {
  it('are each worth the same, wherever they are', () => {
    const scorer = labelScorerFor(words, { changeScore: -0.25 })!;
    expect(scorer.hearsFiller).toBe(true);
    for (const labels of pathsOver(6, 3)) {
      expect(worthByScorer(scorer, labels)).toEqual([0, 0 - 0.25 * changesOf(labels), 0]);
    }
  });

  it('are not made by spaces', () => {
    const scorer = labelScorerFor(characters, { changeScore: -1 })!;
    for (const labels of pathsOver(6, 3)) {
      expect(worthByScorer(scorer, labels)![1], labels.join()).toBeCloseTo(
        -changesOf(labels, 1),
        12,
      );
    }
  });

  it('add to what a scorer beneath says, which hears nothing of other speech', () => {
    const ngram = new TableBigram(['a', 'b'], new Random(3), 0.3);
    const hotwords = [{ phrase: 'a b', weight: 2 }];
    const language = { ngram, wordScore: -0.5, hotwords };
    const beneath = () => labelScorerFor({ ...words, filler: undefined }, language)!;
    const above = labelScorerFor(words, { ...language, changeScore: -0.25 })!;
    let allowed = 0;
    for (const labels of pathsOver(5, 3)) {
      const heard = labels.filter((label) => label !== 2);
      const expected = worthByScorer(beneath(), heard);
      if (expected !== undefined) {
        allowed++;
        expected[1]! += -0.25 * changesOf(labels);
      }
      const found = worthByScorer(above, labels);
      expect(found?.map((part) => part.toFixed(9))).toEqual(
        expected?.map((part) => part.toFixed(9)),
      );
    }
    expect(allowed).toBeGreaterThan(20);
  });

  it('have no scorer where they are worth nothing, or the model has no filler', () => {
    const none: (LabelScorer | undefined)[] = [
      labelScorerFor(words, { changeScore: 0 }),
      labelScorerFor({ ...words, filler: undefined }, { changeScore: -1 }),
    ];
    expect(none).toEqual([undefined, undefined]);
  });

  it('cannot be rewarded', () => {
    const scoring = { filler: 2, space: undefined, changeScore: 0.1 };
    expect(() => new ChangeScorer(scoring)).toThrow(
      '[ChangeScorer] expected a changeScore of at most 0, got 0.1',
    );
  });
});
