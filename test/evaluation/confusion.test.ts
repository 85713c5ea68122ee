import { describe, expect, it } from 'vitest';
import { confusionTable } from '../../src/evaluation/confusion.ts';
import { alignTokens } from '../../src/evaluation/edit-distance.ts';

const align = (reference: string, hypothesis: string) =>
  alignTokens(reference.split(' '), hypothesis.split(' ')).pairs;

describe('confusionTable', () => {
  it('counts hits, substitutions, deletions and insertions word by word', () => {
    const table = confusionTable([
      align('one two three', 'one nine three'),
      align('one two', 'one nine'),
      align('one two', 'one'),
      align('three', 'oh three'),
    ]);
    expect(table.words).toEqual(['nine', 'oh', 'one', 'three', 'two']);
    expect(table.cells).toEqual([
      { reference: 'one', hypothesis: 'one', count: 3 },
      { reference: 'three', hypothesis: 'three', count: 2 },
      { reference: 'two', hypothesis: 'nine', count: 2 },
      { reference: 'two', hypothesis: null, count: 1 },
      { reference: null, hypothesis: 'oh', count: 1 },
    ]);
  });

  it('keeps the vocabulary’s order, leaves out what was never met, and puts other words last', () => {
    const table = confusionTable([align('two one', 'one zebra')], ['one', 'two', 'three']);
    expect(table.words).toEqual(['one', 'two', 'zebra']);
  });

  it('is empty over nothing', () => {
    expect(confusionTable([])).toEqual({ words: [], cells: [] });
  });
});
