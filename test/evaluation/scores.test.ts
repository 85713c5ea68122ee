import { describe, expect, it } from 'vitest';
import { scoreUtterances } from '../../src/evaluation/scores.ts';
import { characterErrorRate, wordErrorRate } from '../../src/evaluation/word-error-rate.ts';

const utterances = [
  { corpus: 'b', speaker: 'x', audioSeconds: 30, reference: 'one two', hypothesis: 'one two' },
  { corpus: 'a', speaker: 'x', audioSeconds: 60, reference: 'three', hypothesis: 'one' },
  { corpus: 'b', speaker: 'y', audioSeconds: 30, reference: 'one two', hypothesis: 'two' },
  { corpus: 'b', speaker: 'x', audioSeconds: 60, reference: 'two', hypothesis: 'two' },
];

describe('scoreUtterances', () => {
  const scores = scoreUtterances(utterances, ['one', 'two', 'three']);

  it('gives the totals that each rate gives alone', () => {
    expect(scores.total).toEqual({
      clips: 4,
      audioMinutes: 3,
      words: wordErrorRate(utterances),
      characters: characterErrorRate(utterances),
      sentences: { sentences: 4, wrong: 2, rate: 0.5 },
    });
    expect(scores.total.words).toMatchObject({ errors: 2, referenceLength: 6 });
  });

  it('keeps corpora in the order they came, and speakers of one name in two corpora apart', () => {
    expect(scores.corpora.map(({ name, clips }) => [name, clips])).toEqual([
      ['b', 3],
      ['a', 1],
    ]);
    expect(scores.speakers.map(({ name, words }) => [name, words.rate])).toEqual([
      ['a/x', 1],
      ['b/y', 0.5],
      ['b/x', 0],
    ]);
  });

  it('adds up to the same in groups as in all', () => {
    for (const groups of [scores.corpora, scores.speakers]) {
      const sum = (pick: (group: (typeof groups)[number]) => number) =>
        groups.reduce((total, group) => total + pick(group), 0);
      expect(sum(({ words }) => words.errors)).toBe(scores.total.words.errors);
      expect(sum(({ words }) => words.referenceLength)).toBe(scores.total.words.referenceLength);
      expect(sum(({ audioMinutes }) => audioMinutes)).toBeCloseTo(scores.total.audioMinutes, 12);
    }
  });

  it('tells in the confusion table where the errors lie', () => {
    expect(scores.confusion.words).toEqual(['one', 'two', 'three']);
    expect(scores.confusion.cells.slice(-2)).toEqual([
      { reference: 'one', hypothesis: null, count: 1 },
      { reference: 'three', hypothesis: 'one', count: 1 },
    ]);
  });
});
