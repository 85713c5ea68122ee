import { describe, expect, it } from 'vitest';
import { Alphabet } from '../../src/alphabet/alphabet.ts';
import { type AlphabetDefinition, alphabetSchema } from '../../src/alphabet/definition.ts';

const digits: AlphabetDefinition = {
  kind: 'words',
  labels: ['<blank>', '<other>', 'zero', 'one', 'two'],
  blank: 0,
  filler: 1,
};
const letters: AlphabetDefinition = {
  kind: 'characters',
  labels: [' ', 'a', 'b', 'é', '<other>', '<blank>'],
  blank: 5,
  filler: 4,
};

describe('an alphabet of words', () => {
  const alphabet = new Alphabet(digits);

  it('encodes one label a word, whatever the case and the whitespace', () => {
    expect([...alphabet.encode(' Two\tZERO\n one  one ')]).toEqual([4, 2, 3, 3]);
  });

  it('encodes consecutive words outside the vocabulary as one filler', () => {
    expect([...alphabet.encode('well now one or two')]).toEqual([1, 3, 1, 4]);
  });

  it('takes the names of blank and filler in a text for words outside the vocabulary', () => {
    expect([...alphabet.encode('<blank> one <other>')]).toEqual([1, 3, 1]);
  });

  it('encodes empty text and mere whitespace as no labels', () => {
    expect(alphabet.encode('')).toEqual(new Int32Array(0));
    expect(alphabet.encode(' \n\t ')).toEqual(new Int32Array(0));
  });

  it('prints labels as words and drops the filler', () => {
    expect(alphabet.textOf([1, 3, 1, 3, 4, 1])).toBe('one one two');
    expect(alphabet.textOf(Int32Array.of(1))).toBe('');
    expect(alphabet.textOf([])).toBe('');
  });

  it('refuses to print a blank or an index that is no label', () => {
    expect(() => alphabet.textOf([0])).toThrow(
      new RangeError('[Alphabet.textOf] expected labels in [0, 5) other than the blank 0, got 0'),
    );
    expect(() => alphabet.textOf([5])).toThrow(/got 5/);
    expect(() => alphabet.textOf([-1])).toThrow(/got -1/);
  });

  it('refuses a word outside the vocabulary when there is no filler', () => {
    const closed = new Alphabet({ kind: 'words', labels: ['_', 'one'], blank: 0 });
    expect(() => closed.encode('one three')).toThrow(/\[Alphabet\.encode\] .*got "three"/);
  });
});

describe('an alphabet of characters', () => {
  const alphabet = new Alphabet(letters);

  it('encodes one label a character and one space between words', () => {
    expect([...alphabet.encode('  AB   ba ')]).toEqual([1, 2, 0, 2, 1]);
  });

  it('composes a letter and its accent into one character', () => {
    expect([...alphabet.encode('be\u0301')]).toEqual([2, 3]);
    expect(alphabet.textOf([2, 3])).toBe('b\u00e9');
  });

  it('encodes a run of words with unknown characters as one filler between spaces', () => {
    expect([...alphabet.encode('ab xa bx ba')]).toEqual([1, 2, 0, 4, 0, 2, 1]);
  });

  it('prints words parted by single spaces, without filler and outer spaces', () => {
    expect(alphabet.textOf([0, 1, 2, 0, 4, 0, 2, 1, 0])).toBe('ab ba');
  });

  it('gives normalised text back after encoding it', () => {
    expect(alphabet.textOf(alphabet.encode(' Ba  É aB'))).toBe('ba é ab');
  });
});

describe('an alphabet definition', () => {
  const faulty: [string, AlphabetDefinition, RegExp][] = [
    [
      'a label given twice',
      { ...digits, labels: ['_', '#', 'one', 'one'] },
      /labels\.3.*unique.*at 2 and 3/,
    ],
    ['a blank that is no label', { ...digits, blank: 5 }, /blank.*index of one of 5 labels, got 5/],
    ['a negative blank', { ...digits, blank: -1 }, /blank/],
    ['a fractional filler', { ...digits, filler: 1.5 }, /filler/],
    ['a filler that is the blank', { ...digits, filler: 0 }, /filler.*another label/],
    [
      'an upper-case word',
      { ...digits, labels: ['_', '#', 'One'] },
      /labels\.2.*lower-case.*"One"/,
    ],
    ['two words in one label', { ...digits, labels: ['_', '#', 'one two'] }, /one lower-case word/],
    ['an empty word', { ...digits, labels: ['_', '#', ''] }, /one lower-case word/],
    ['a word that is not composed', { ...digits, labels: ['_', '#', 'e\u0301'] }, /NFC/],
    [
      'two characters in one label',
      { ...letters, labels: [' ', 'ab', 'c', 'd', 'e', '_'] },
      /one lower-case character/,
    ],
    [
      'characters without a space',
      { kind: 'characters', labels: ['_', 'a'], blank: 0 },
      /label ' '/,
    ],
  ];

  it.each(faulty)(
    'with %s is refused by schema and constructor alike',
    (_, definition, message) => {
      expect(() => new Alphabet(definition)).toThrow(RangeError);
      expect(() => new Alphabet(definition)).toThrow(message);
      expect(alphabetSchema.safeParse(definition).success).toBe(false);
    },
  );

  it('is accepted when it is sound, and an unknown field is not', () => {
    expect(alphabetSchema.parse(digits)).toEqual(digits);
    expect(alphabetSchema.parse(letters)).toEqual(letters);
    expect(alphabetSchema.safeParse({ ...digits, fillers: [1] }).success).toBe(false);
  });
});
