import { describe, expect, it } from 'vitest';
import { checkAlignable, scoreAgainst } from '../../src/recognition/reference-score.ts';

describe('scoreAgainst', () => {
  it('counts words and characters, and lists the words that are wrong', () => {
    const { words, characters } = scoreAgainst('One two  three', 'one too three four');
    expect(words).toMatchObject({ hits: 2, substitutions: 1, deletions: 0, insertions: 1 });
    expect(words.rate).toBeCloseTo(2 / 3, 12);
    expect(words.edits).toEqual([
      { kind: 'substitution', reference: 'two', hypothesis: 'too' },
      { kind: 'insertion', reference: undefined, hypothesis: 'four' },
    ]);
    expect(characters).toMatchObject({ substitutions: 1, deletions: 0, insertions: 5 });
  });

  it('refuses texts that no memory could align', () => {
    expect(() => checkAlignable(2 ** 15, 2 ** 15)).not.toThrow();
    expect(() => checkAlignable(2 ** 15, 2 ** 15 + 1)).toThrow(/texts of 32768 and 32769/);
    expect(() => scoreAgainst('a'.repeat(10_000), 'b'.repeat(200_000))).toThrow(/aligned/);
  });
});
