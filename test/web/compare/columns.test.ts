import { describe, expect, it } from 'vitest';
import { columnsOf, differs } from '../../../web/compare/columns.ts';

/** Words that follow one another, one a second from the given time on. */
function spoken(text: string, from = 0) {
  const words = text === '' ? [] : text.split(' ');
  return words.map((word, index) => ({ word, start: from + index, end: from + index + 1 }));
}

function columnTexts(readings: readonly ReturnType<typeof spoken>[]): string[] {
  return columnsOf(readings).map((column) => column.map((word) => word?.word ?? '–').join(' '));
}

describe('columnsOf', () => {
  it('puts equal words of all readings into one column', () => {
    const columns = columnTexts([spoken('one two'), spoken('one two'), spoken('one two')]);
    expect(columns).toEqual(['one one one', 'two two two']);
  });

  it('leaves a gap where a reading lacks a word, and in the readings before where it has one more', () => {
    const columns = columnTexts([spoken('one three'), spoken('one two three'), spoken('one')]);
    expect(columns).toEqual(['one one one', '– two –', 'three three –']);
  });

  it('puts different words at the same place into one column', () => {
    expect(columnTexts([spoken('one two'), spoken('one five')])).toEqual(['one one', 'two five']);
  });

  it('chooses by time which of two equal words is missing', () => {
    expect(columnTexts([spoken('oh oh'), spoken('oh', 1)])).toEqual(['oh –', 'oh oh']);
    expect(columnTexts([spoken('oh oh'), spoken('oh', 0)])).toEqual(['oh oh', 'oh –']);
  });

  it('keeps each reading whole and in order', () => {
    const readings = ['one two three', 'two three four oh', '', 'three one'].map((text) =>
      spoken(text),
    );
    const columns = columnsOf(readings);
    readings.forEach((words, reading) => {
      const found = columns.flatMap((column) => column[reading] ?? []);
      expect(found).toEqual(words);
    });
    for (const column of columns) expect(column).toHaveLength(readings.length);
  });

  it('has no column where nobody heard anything', () => {
    expect(columnsOf([[], []])).toEqual([]);
  });
});

describe('differs', () => {
  it('is about words and gaps, not about times', () => {
    const [one, later, two] = [spoken('one')[0]!, spoken('one', 5)[0]!, spoken('two')[0]!];
    expect(differs([one, later])).toBe(false);
    expect(differs([one, two])).toBe(true);
    expect(differs([undefined, one])).toBe(true);
  });
});
