import { expect, it } from 'vitest';
import { vocabularyOf } from '../../src/alphabet/vocabulary.ts';
import { textKindOf } from '../../src/training/data/selection.ts';

it('counts neither the blank nor the filler among the words', () => {
  const labels = ['zero', '<blank>', 'one', '<other>'];
  expect(vocabularyOf({ kind: 'words', labels, blank: 1, filler: 3 })).toEqual(
    new Set(['zero', 'one']),
  );
  expect(vocabularyOf({ kind: 'words', labels, blank: 1 })).toEqual(
    new Set(['zero', 'one', '<other>']),
  );
});

it('has every word in it where labels are characters', () => {
  const vocabulary = vocabularyOf({ kind: 'characters', labels: ['-', ' ', 'a'], blank: 0 });
  expect(vocabulary).toBeUndefined();
  expect(textKindOf(['any', 'word'], vocabulary)).toBe('inside');
});
